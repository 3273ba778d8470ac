import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bufferMs, type Token, type TokenCache, type TokenOptions, tokenCache } from './token-cache.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const fetchMs = 100;
const scope = 'https://cosmos.example/.default';
let asked: { scope: string; at: number; options: TokenOptions }[];
let notes: string[];
let failing: boolean;
let lastsMs: number;
let cache: TokenCache;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.setSystemTime(0);
  [asked, notes, failing, lastsMs] = [[], [], false, hourMs];
  const getToken = async (of: string | string[], options: TokenOptions = {}): Promise<Token> => {
    const name = `token-${asked.push({ scope: String(of), at: Date.now(), options })}`;
    await new Promise(resolve => setTimeout(resolve, fetchMs));
    if (failing) throw new Error('The identity endpoint is away.');
    return { token: name, expiresOnTimestamp: Date.now() + lastsMs };
  };
  cache = tokenCache({
    open: async () => ({ getToken }),
    now: Date.now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    note: (what, of) => notes.push(`${what} ${of}`),
  });
});
afterEach(() => {
  cache.close();
  vi.useRealTimers();
});

/** The token, and how long its asker waited, ms. */
async function token(options?: TokenOptions): Promise<{ token: string | undefined; waitedMs: number }> {
  const begun = Date.now();
  const got = cache.getToken(scope, options).then(given => ({ token: given?.token, waitedMs: Date.now() - begun }));
  await vi.advanceTimersByTimeAsync(0);
  const early = await Promise.race([got, Promise.resolve(undefined)]);
  if (early) return early;
  await vi.advanceTimersByTimeAsync(fetchMs);
  return got;
}

test('a hundred calls that need a token at the same moment fetch it once for each scope', async () => {
  const scopes = Array.from({ length: 100 }, (_, i) => (i % 2 ? scope : 'https://acs.example//.default'));
  const all = Promise.all(scopes.map(each => cache.getToken(each)));
  await vi.advanceTimersByTimeAsync(fetchMs);
  expect(new Set((await all).map(each => each?.token)).size).toBe(2);
  expect(asked).toHaveLength(2);
});

test('a token fetched at start is there for the first call', async () => {
  const warming = cache.warm([scope]);
  await vi.advanceTimersByTimeAsync(fetchMs);
  await warming;
  expect(await token()).toEqual({ token: 'token-1', waitedMs: 0 });
  expect(asked).toHaveLength(1);
});

test('it is renewed five minutes before its end, and nobody ever waits again', async () => {
  await token();
  for (let minute = 0; minute < 8 * 60; minute += 1) {
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect((await token()).waitedMs).toBe(0);
  }
  const renewals = asked.slice(1).map(({ at }, i) => at - asked[i]!.at);
  expect(asked.length).toBeGreaterThan(8);
  for (const ms of renewals) expect(ms).toBe(fetchMs + hourMs - bufferMs);
  expect(notes[1]).toBe(`renewed ${scope}`);
});

test('a token that hardly lives longer than the buffer is not renewed all the time', async () => {
  lastsMs = 6 * minuteMs;
  await token();
  await vi.advanceTimersByTimeAsync(hourMs);
  expect(asked.length).toBeLessThanOrEqual(21);
  expect((await token()).waitedMs).toBe(0);
});

test('a renewal that fails is tried again, and the token there is goes on meanwhile', async () => {
  await token();
  failing = true;
  await vi.advanceTimersByTimeAsync(hourMs - bufferMs + 30_000);
  expect(await token()).toEqual({ token: 'token-1', waitedMs: 0 });
  expect(notes.filter(note => note.startsWith('failed')).length).toBeGreaterThanOrEqual(2);
  failing = false;
  await vi.advanceTimersByTimeAsync(30_000);
  expect((await token()).token).not.toBe('token-1');
});

test('an ended token is never given out', async () => {
  await token();
  failing = true;
  await vi.advanceTimersByTimeAsync(hourMs + 1_000);
  const refused = cache.getToken(scope).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(fetchMs);
  expect(await refused).toBeInstanceOf(Error);
});

test('a token the service has refused is fetched anew, once for all who were refused', async () => {
  await token();
  const claims = '{"access_token":{}}';
  const all = Promise.all([1, 2, 3].map(() => cache.getToken(scope, { claims })));
  await vi.advanceTimersByTimeAsync(fetchMs);
  expect((await all).map(each => each?.token)).toEqual(['token-2', 'token-2', 'token-2']);
  expect(asked[1]?.options.claims).toBe(claims);
  expect((await token()).token).toBe('token-2');
});

describe('of a token that a service refuses, without saying more', () => {
  const refusedAt = async (ms: number): Promise<string | undefined> => {
    await vi.advanceTimersByTimeAsync(ms);
    const given = cache.instead(scope, (await token()).token ?? '');
    await vi.advanceTimersByTimeAsync(fetchMs);
    return (await given)?.token;
  };

  test('another is fetched, once for a hundred who were refused it, and for whoever notices later', async () => {
    await token();
    const all = Promise.all(Array.from({ length: 100 }, () => cache.instead(scope, 'token-1')));
    await vi.advanceTimersByTimeAsync(fetchMs);
    expect(new Set((await all).map(each => each?.token))).toEqual(new Set(['token-2']));
    expect((await cache.instead(scope, 'token-1'))?.token).toBe('token-2');
    expect(asked).toHaveLength(2);
  });

  test('another is fetched at most every ten seconds where all are refused', async () => {
    await token();
    expect(await refusedAt(0)).toBe('token-2');
    expect(await refusedAt(5_000)).toBe('token-2');
    expect(await refusedAt(5_000)).toBe('token-3');
    expect(asked).toHaveLength(3);
  });

  test('others who can use it are kept waiting by nobody', async () => {
    await token();
    const other = cache.instead(scope, 'token-1');
    expect(await token()).toEqual({ token: 'token-1', waitedMs: 0 });
    await vi.advanceTimersByTimeAsync(fetchMs);
    expect((await other)?.token).toBe('token-2');
  });
});

test('somebody who gives up takes the token from nobody else', async () => {
  const off = new AbortController();
  const mine = cache.getToken(scope, { abortSignal: off.signal });
  const theirs = cache.getToken(scope);
  off.abort();
  await vi.advanceTimersByTimeAsync(fetchMs);
  expect((await theirs)?.token).toBe((await mine)?.token);
  expect(asked[0]?.options.abortSignal).toBeUndefined();
});

test('what is noted of tokens holds no token', async () => {
  await token();
  expect(notes).toEqual([`fetched ${scope}`]);
});
