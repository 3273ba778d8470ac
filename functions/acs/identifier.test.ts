import { expect, test } from 'vitest';
import { identifierOf, rawIdOf, reachable } from './identifier.ts';
import { toneWords } from './tones.ts';

test.for([
  ['+15550100', { phoneNumber: '+15550100' }],
  ['4:+15550100', { phoneNumber: '+15550100' }],
  ['8:acs:0000_user', { communicationUserId: '8:acs:0000_user' }],
  ['8:orgid:0000', { microsoftTeamsUserId: '0000', rawId: '8:orgid:0000' }],
  ['28:orgid:0000', { teamsAppId: '0000' }],
] as const)('%s is rung as what it is', ([address, expected]) => {
  expect(reachable(address)).toEqual(expected);
  expect(identifierOf(address)).toEqual(expected);
});

test('who cannot be rung can still be named', () => {
  expect(reachable('48:conf:abc')).toBeUndefined();
  expect(identifierOf('48:conf:abc')).toEqual({ id: '48:conf:abc' });
  expect([rawIdOf('+15550100'), rawIdOf('8:acs:0000_user')]).toEqual(['4:+15550100', '8:acs:0000_user']);
});

test('every key has its word', () => {
  expect(toneWords('0123456789abcd#*')).toEqual([
    ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
    ...['a', 'b', 'c', 'd', 'pound', 'asterisk'],
  ]);
});
