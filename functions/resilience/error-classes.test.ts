import { expect, test } from 'vitest';
import { z } from 'zod';
import { CallError } from '../../contracts/error.ts';
import { errorClasses, errorClassOf, retryAfterMs } from './error-classes.ts';

const http = (statusCode: number) => Object.assign(new Error('x'), { name: 'RestError', statusCode });
const acs = (status: number | string, retryable: boolean) =>
  new CallError(retryable ? 'ACS_UNAVAILABLE' : 'ACS_REFUSED', { operation: 'answer', status });

test.each([
  // what was thrown, its class, how it is retried, whether the service is ill, whether somebody is called
  ['400', http(400), 'malformed', 'never', false, true],
  ['401', http(401), 'unauthenticated', 'never', false, true],
  ['403', http(403), 'forbidden', 'never', false, true],
  ['404', http(404), 'gone', 'never', false, false],
  ['409', http(409), 'conflict', 'never', false, false],
  ['412', http(412), 'conflict', 'never', false, false],
  ['418', http(418), 'refused', 'never', false, true],
  ['408', http(408), 'throttled', 'as-told', true, true],
  ['429', http(429), 'throttled', 'as-told', true, true],
  ['500', http(500), 'away', 'back-off', true, true],
  ['503', http(503), 'away', 'back-off', true, true],
  ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'away', 'back-off', true, true],
  ['what fetch throws', new TypeError('fetch failed'), 'away', 'back-off', true, true],
  ['a time-out', new DOMException('x', 'TimeoutError'), 'away', 'back-off', true, true],
  ['a numeric code of Cosmos', Object.assign(new Error('x'), { code: 429 }), 'throttled', 'as-told', true, true],
  ['ACS away', acs(503, true), 'away', 'back-off', true, true],
  ['ACS silent', acs('no answer', true), 'away', 'back-off', true, true],
  ['ACS refusing', acs(403, false), 'forbidden', 'never', false, true],
  ['an ended call', new CallError('CALL_GONE', { operation: 'play', status: 404 }), 'gone', 'never', false, false],
  ['a mistake of ours', new RangeError('x'), 'ours', 'never', false, true],
] as const)('%s is classed', (_, error, errorClass, retry, ill, alert) => {
  expect(errorClassOf(error)).toBe(errorClass);
  expect(errorClasses[errorClass]).toMatchObject({ retry, ill, alert });
});

test('a document nobody can read is no illness of the database', () => {
  const { error } = z.string().safeParse(1);
  expect(errorClassOf(new CallError('STORE_UNAVAILABLE', { operation: 'read' }, { cause: error }))).toBe('ours');
});

test('every class says what to do about it', () => {
  for (const { remedy } of Object.values(errorClasses)) expect(remedy.length).toBeGreaterThan(20);
});

const now = Date.parse('2026-08-01T10:00:00Z');
test.each([
  ['seconds', { response: { headers: new Headers({ 'retry-after': '7' }) } }, 7_000],
  ['a date', { headers: { 'retry-after': 'Sat, 01 Aug 2026 10:00:03 GMT' } }, 3_000],
  ['a date gone by', { headers: { 'retry-after': 'Sat, 01 Aug 2026 09:00:00 GMT' } }, 0],
  ['milliseconds of Cosmos', { retryAfterInMs: 40 }, 40],
  ['nothing', { headers: {} }, undefined],
  ['nonsense', { headers: { 'retry-after': 'soon' } }, undefined],
] as const)('Retry-After as %s is understood, also behind a cause', (_, told, ms) => {
  expect(retryAfterMs(told, now)).toBe(ms);
  expect(retryAfterMs(new Error('x', { cause: told }), now)).toBe(ms);
});
