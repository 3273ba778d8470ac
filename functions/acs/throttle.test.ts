import { expect, test } from 'vitest';
import { throttle } from './throttle.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

async function after(status: number, retryAfter: string | undefined) {
  const clock = { now: start };
  const { policy, waitMs } = throttle(() => clock.now);
  const response = { status, headers: { get: () => retryAfter } };
  expect(await policy.sendRequest('request', async () => response)).toBe(response);
  return { clock, waitMs };
}

test.for([
  [429, '7', 7_000],
  [429, 'Thu, 01 Jan 2026 00:00:03 GMT', 3_000],
  [429, undefined, 1_000],
  [429, 'soon', 1_000],
  [200, '7', 0],
  [503, '7', 0],
] as const)('after %i with Retry-After %s nothing new is asked for %i ms', async ([status, retryAfter, ms]) => {
  const { waitMs } = await after(status, retryAfter);
  expect(waitMs()).toBe(ms);
});

test('the pause ends by itself', async () => {
  const { clock, waitMs } = await after(429, '2');
  clock.now += 1_500;
  expect(waitMs()).toBe(500);
  clock.now += 600;
  expect(waitMs()).toBe(0);
});
