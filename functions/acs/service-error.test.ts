import { expect, test } from 'vitest';
import { asCallError } from './service-error.ts';

const refusal = (statusCode: number | undefined, code = '8500') =>
  Object.assign(new Error('words of the service'), { name: 'RestError', statusCode, code });

test.each([
  // status, our code, whether asking again can help, what the operator is told
  [400, 'ACS_REFUSED', false, /check BASE_URL/],
  [401, 'ACS_REFUSED', false, /connection string/],
  [403, 'ACS_REFUSED', false, /its role/],
  [404, 'CALL_GONE', false, /has ended/],
  [409, 'ACS_REFUSED', false, /under way/],
  [418, 'ACS_REFUSED', false, /troubleshooting page/],
  [408, 'ACS_UNAVAILABLE', true, /tried again/],
  [429, 'ACS_UNAVAILABLE', true, /tried again/],
  [500, 'ACS_UNAVAILABLE', true, /tried again/],
  [undefined, 'ACS_UNAVAILABLE', true, /no answer/],
] as const)('%s of ACS is told with what to do, and without its words', (status, code, retryable, cure) => {
  const error = asCallError('transfer', refusal(status));
  expect(error).toMatchObject({ code, retryable, details: { operation: 'transfer' } });
  expect(error.message).toMatch(cure);
  expect(error.message).not.toContain('words of the service');
});
