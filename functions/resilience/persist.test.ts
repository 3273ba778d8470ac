import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answering, background, nextWaitMs, type Patience, sdkRetries } from './patience.ts';
import { persist } from './persist.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => vi.useRealTimers());

const away = Object.assign(new Error('away'), { statusCode: 503 });
const throttled = (retryAfter?: string) =>
  Object.assign(new Error('throttled'), {
    statusCode: 429,
    response: { headers: new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) },
  });

/** Runs to the end and tells when each attempt was made, ms. */
async function attemptsOf(errors: readonly unknown[], patience: Patience) {
  const begun = Date.now();
  const at: number[] = [];
  const work = persist(async () => {
    const error = errors[at.length];
    at.push(Date.now() - begun);
    if (error !== undefined) throw error;
    return 'done';
  }, patience).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return { at, ended: await work };
}

const between = (value: number | undefined, least: number, most: number): void => {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
};

test('background work tries three times, 2 s apart each time and a little more, and tells the last failure', async () => {
  const { at, ended } = await attemptsOf([away, away, away, away], background);
  expect(at).toHaveLength(3);
  between(at[1], 2_000, 2_500);
  between(at[2]! - at[1]!, 2_000, 2_500);
  expect(ended).toBe(away);
});

test('no wait is longer than 10 s, however often it fails', () => {
  for (let failed = 1; failed < 20; failed += 1) {
    const wait = nextWaitMs({ ...background, factor: 2, attempts: 99 }, away, failed, 0, 1);
    between(wait, 2_000, 10_000);
  }
});

test('while a caller waits, three attempts are over within 1.2 s', async () => {
  const { at, ended } = await attemptsOf([away, away], answering);
  expect(ended).toBe('done');
  between(at[2], 900, 1_200);
});

test.each([400, 401, 403, 404, 409])('%i is asked once', async statusCode => {
  const refused = Object.assign(new Error('no'), { statusCode });
  expect(await attemptsOf([refused], background)).toEqual({ at: [0], ended: refused });
});

test('a throttled question is asked again when the service says, and backs off where it says nothing', async () => {
  expect((await attemptsOf([throttled('3')], background)).at).toEqual([0, 3_000]);
  const { at } = await attemptsOf([throttled()], background);
  between(at[1], 2_000, 2_500);
});

test('a service that asks for more time than there is, is not asked again', async () => {
  const error = throttled('60');
  expect(await attemptsOf([error], answering)).toEqual({ at: [0], ended: error });
});

test('who failed together does not come back together', async () => {
  const waits = new Set<number>();
  for (let i = 0; i < 20; i += 1) waits.add((await attemptsOf([away], background)).at[1]!);
  expect(waits.size).toBeGreaterThan(10);
});

test('nothing is tried again once it is called off', async () => {
  const off = new AbortController();
  let tried = 0;
  const work = persist(
    async () => {
      tried += 1;
      off.abort();
      throw away;
    },
    background,
    off.signal,
  );
  await expect(work).rejects.toBe(away);
  expect(tried).toBe(1);
});

test('an SDK that repeats a request by itself is given the same numbers', () => {
  expect(sdkRetries(answering)).toEqual({ maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 2_000 });
});
