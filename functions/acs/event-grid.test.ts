import { expect, test } from 'vitest';
import {
  gridEventOf,
  handshakeHeaders,
  incomingCallOf,
  isAmong,
  isAnonymous,
  linesOf,
  type Party,
  validationCode,
} from './event-grid.ts';

const data = {
  to: { kind: 'phoneNumber', rawId: '4:+15550100', phoneNumber: { value: '+15550100' } },
  from: { kind: 'communicationUser', rawId: '8:acs:x_y', communicationUser: { id: '8:acs:x_y' } },
  serverCallId: 'c2VydmVy',
  callerDisplayName: '',
  incomingCallContext: 'opaque',
  correlationId: 'd732db64',
};

test('a body may hold one event or many; anything else is no body', () => {
  expect(linesOf('{"a":1}')).toEqual([{ a: 1 }]);
  expect(linesOf('[]')).toEqual([]);
  expect(linesOf('[1,{"a":1}]')).toEqual([1, { a: 1 }]);
  for (const junk of ['', '{', '5', '"text"', 'null', 'true']) expect(linesOf(junk)).toBeUndefined();
});

test('both schemas carry the same event', () => {
  const expected = { id: '1', type: 'Microsoft.Communication.IncomingCall', data };
  expect(gridEventOf({ id: '1', eventType: expected.type, data, topic: '/t', dataVersion: '1.0' })).toEqual(expected);
  expect(gridEventOf({ id: '1', type: expected.type, data, source: '/t', specversion: '1.0' })).toEqual(expected);
  for (const junk of [{}, null, 1, { id: '1' }, { type: 'x' }]) expect(gridEventOf(junk)).toBeUndefined();
});

test('a subscription is validated by echoing its code', () => {
  const type = 'Microsoft.EventGrid.SubscriptionValidationEvent';
  expect(validationCode({ id: '1', type, data: { validationCode: '512d38b6', validationUrl: 'https://x' } })).toBe(
    '512d38b6',
  );
  expect(validationCode({ id: '1', type, data: {} })).toBeUndefined();
  expect(validationCode({ id: '1', type: 'Other', data: { validationCode: 'x' } })).toBeUndefined();
});

test('the CloudEvents handshake echoes who asked and how much', () => {
  expect(handshakeHeaders('eventgrid.azure.net', '240')).toEqual({
    ...{ 'WebHook-Allowed-Origin': 'eventgrid.azure.net', 'WebHook-Allowed-Rate': '240', Allow: 'POST, OPTIONS' },
  });
  expect(handshakeHeaders(null, null)['WebHook-Allowed-Origin']).toBe('*');
});

test('a ring needs both parties, a correlation and the right to answer', () => {
  expect(incomingCallOf({ id: '1', type: 'x', data })).toMatchObject({ correlationId: 'd732db64' });
  for (const missing of ['to', 'from', 'incomingCallContext', 'correlationId'])
    expect(incomingCallOf({ id: '1', type: 'x', data: { ...data, [missing]: undefined } })).toBeUndefined();
});

test.each<[string, Party, boolean]>([
  ['+15550100', data.to, true],
  ['4:+15550100', data.to, true],
  ['+1555010', data.to, false],
  ['8:acs:x_y', data.from, true],
])('%s names a party or not', (name, party, expected) => {
  expect(isAmong(party, ['other', name])).toBe(expected);
});

test('a withheld number is recognised as nobody', () => {
  expect(isAnonymous({ rawId: '4:anonymous' })).toBe(true);
  expect(isAnonymous({ rawId: '4:x', phoneNumber: { value: 'anonymous', isAnonymous: true } })).toBe(true);
  expect(isAnonymous(data.to)).toBe(false);
});
