import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { externalTarget, type Target } from './probe.ts';
import { buildSampleApp, type SampleApp } from './sample-app.ts';
import type { SpawnedHost } from './spawn-host.ts';

/** What an HTTP function sees and answers, through the real library, buffered and streaming. */

const external = externalTarget();

// A running host has one mode; what both have in common is checked there once.
describe.each(external ? ['buffered'] : ['buffered', 'streaming'])('%s HTTP', mode => {
  let app: SampleApp | undefined;
  let host: SpawnedHost | undefined;
  let target: Target;

  beforeAll(async () => {
    if (external) {
      target = external;
      return;
    }
    app = buildSampleApp();
    host = await app.start({ env: { SAMPLE_STREAM: String(mode === 'streaming') } });
    target = host;
  });

  afterAll(async () => {
    await host?.stop();
    app?.remove();
  });

  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${target.url}/api/${path}`, init);
  const json = async (path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
    (await (await get(path, init)).json()) as Record<string, unknown>;

  test('an optional route parameter is given or absent', async () => {
    expect((await json('hello/Ada'))['name']).toBe('Ada');
    expect((await json('hello'))['name']).toBeNull();
  });

  test('route parameters and query values arrive decoded', async () => {
    const answer = await json('hello/Ada%20L%C3%B6we?x=a%20b&y=%26');
    expect(answer['name']).toBe('Ada Löwe');
    expect(answer['query']).toEqual({ x: 'a b', y: '&' });
  });

  test('a handler sees the URL that the caller wrote', async () => {
    expect((await json('hello/Ada?x=1'))['url']).toBe(`${target.url}/api/hello/Ada?x=1`);
  });

  test('headers arrive with lower-case names', async () => {
    expect((await json('hello', { headers: { 'X-Sample': 'yes' } }))['header']).toBe('yes');
  });

  test('a body arrives as it was sent', async () => {
    expect((await json('hello', { method: 'POST', body: 'Grüße' }))['body']).toBe('Grüße');
    expect((await json('hello', { method: 'POST' }))['body']).toBe('');
  });

  test('a literal beats a constrained parameter, and that a free one', async () => {
    expect(await json('items/latest')).toEqual({ literal: true });
    expect(await json('items/42')).toEqual({ number: '42' });
    expect(await json('items/forty')).toEqual({ word: 'forty' });
  });

  test('a catch-all takes the rest of the path, or nothing', async () => {
    expect(await json('files/a/b%20c/d')).toEqual({ rest: 'a/b c/d' });
    expect(await json('files')).toEqual({ rest: null });
  });

  test('paths match whatever their case', async () => {
    expect(await json('ITEMS/Latest')).toEqual({ literal: true });
  });

  test('an unknown path and a method that no route lists are both 404', async () => {
    expect((await get('no/such/route')).status).toBe(404);
    expect((await get('echo')).status).toBe(404);
    expect((await get('items/latest', { method: 'POST' })).status).toBe(404);
  });

  test('status and headers are the handler’s', async () => {
    const response = await get('echo', { method: 'POST', body: 'x', headers: { 'content-type': 'text/x-own' } });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('text/x-own');
    expect(response.headers.get('x-echo')).toBe('yes');
    expect(response.headers.get('x-ms-invocation-id')).toBeNull();
  });

  test('70 KB of binary come back unchanged', async () => {
    const body = Uint8Array.from({ length: 70 * 1024 }, (_, index) => (index * 31) % 256);
    const response = await get('echo', { method: 'POST', body });
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(body))).toBe(true);
  });

  test('cookies carry their attributes and an encoded value', async () => {
    const cookies = (await get('cookies')).headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    expect(cookies[0]).toMatch(/^plain=a%20b/);
    expect(cookies[1]!.toLowerCase()).toMatch(/^full=x/);
    for (const attribute of ['path=/sub', 'max-age=60', 'secure', 'httponly', 'samesite=strict']) {
      expect(cookies[1]!.toLowerCase()).toContain(attribute);
    }
  });

  test('a 204 has no body, whatever the handler gave', async () => {
    const response = await get('empty');
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  test('a handler that returns nothing answers an empty 200', async () => {
    const response = await get('nothing');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('a handler that throws answers an empty 500', async () => {
    const response = await get('boom');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('');
  });

  test('a function key opens nothing without a key or with a wrong one', async () => {
    expect((await get('guarded')).status).toBe(401);
    const response = await get('guarded', { headers: { 'x-functions-key': 'wrong' } });
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('');
  });

  test('host and master key open a function, by header or query', async () => {
    const { host: hostKey, master } = target.keys;
    expect((await get('guarded', { headers: { 'x-functions-key': hostKey } })).status).toBe(200);
    expect((await get(`guarded?code=${encodeURIComponent(master)}`)).status).toBe(200);
  });

  test('the header wins over the query', async () => {
    const path = `guarded?code=${encodeURIComponent(target.keys.host)}`;
    expect((await get(path, { headers: { 'x-functions-key': 'wrong' } })).status).toBe(401);
  });

  test('an admin function takes the master key only', async () => {
    const { host: hostKey, master } = target.keys;
    expect((await get('masterOnly', { headers: { 'x-functions-key': hostKey } })).status).toBe(401);
    expect((await get('masterOnly', { headers: { 'x-functions-key': master } })).status).toBe(200);
  });

  test.skipIf(external !== undefined)(
    `server-sent events arrive ${mode === 'streaming' ? 'one by one' : 'in one block'}`,
    async () => {
      const response = await get('sse/4');
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      const arrivals: number[] = [];
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        arrivals.push(Date.now());
        text += chunk;
      }
      expect(text).toBe('data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\n');
      const spread = arrivals.at(-1)! - arrivals[0]!;
      if (mode === 'streaming') expect(spread).toBeGreaterThan(200);
      else expect(spread).toBeLessThan(100);
    },
  );

  test('a caller who hangs up does not disturb the next one', async () => {
    const hungUp = get('sse/3', { signal: AbortSignal.timeout(60) }).then(response => response.text());
    await expect(hungUp).rejects.toThrow('aborted');
    expect((await get('items/1')).status).toBe(200);
  });
});
