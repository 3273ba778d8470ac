import { expect, test } from 'vitest';
import { completeIdentifier, identifierOf, isAddressOf } from './identifiers.ts';

test('an address is a number, a user, or unknown', () => {
  expect(identifierOf('+15550100')).toEqual({
    kind: 'phoneNumber',
    rawId: '4:+15550100',
    phoneNumber: { value: '+15550100' },
  });
  expect(identifierOf('4:+15550100')).toEqual(identifierOf('+15550100'));
  expect(identifierOf('8:acs:r_u')).toEqual({
    kind: 'communicationUser',
    rawId: '8:acs:r_u',
    communicationUser: { id: '8:acs:r_u' },
  });
  expect(identifierOf('28:bot').kind).toBe('unknown');
  expect(identifierOf('anonymous').phoneNumber).toEqual({ value: 'anonymous', isAnonymous: true });
});

test('an identifier without kind is completed from what it holds', () => {
  expect(completeIdentifier({ phoneNumber: { value: '+15550100', isAnonymous: false } })).toEqual(
    identifierOf('+15550100'),
  );
  expect(completeIdentifier({ communicationUser: { id: '8:acs:a' } })).toEqual(identifierOf('8:acs:a'));
  expect(completeIdentifier({ rawId: '4:+15550100' })).toEqual(identifierOf('+15550100'));
  const teams = { microsoftTeamsUser: { userId: 'u' }, rawId: '8:orgid:u' };
  expect(completeIdentifier(teams)).toEqual({ kind: 'microsoftTeamsUser', ...teams });
  expect(completeIdentifier({})).toBeUndefined();
});

test('an address means an identifier by number or by raw id', () => {
  expect(isAddressOf('+15550100', identifierOf('+15550100'))).toBe(true);
  expect(isAddressOf('4:+15550100', identifierOf('+15550100'))).toBe(true);
  expect(isAddressOf('+15550101', identifierOf('+15550100'))).toBe(false);
});
