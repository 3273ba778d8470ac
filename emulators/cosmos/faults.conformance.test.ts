import { createHmac } from 'node:crypto';
import { type Container, CosmosClient } from '@azure/cosmos';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Connected, connect, failure } from './conformance-client.ts';
import { startCosmos } from './cosmos.ts';

let service: Connected;
let container: Container;
beforeAll(async () => {
  service = await connect();
  container = await service.container();
  await container.items.create({ id: 'a', pk: 'a' });
  return () => service[Symbol.asyncDispose]();
});
afterEach(() => service.cosmos.setFaults({}));

async function admin(method: string, path: string, body?: object) {
  const response = await fetch(`${service.cosmos.url}/emulator/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('faults', () => {
  test('the client waits out a throttled request and tries again', async () => {
    await admin('PUT', 'faults', { fail: [{ status: 429, times: 3, retryAfterMs: 15 }] });
    const started = performance.now();
    const read = await container.item('a', 'a').read();
    expect(read.statusCode).toBe(200);
    expect(read.headers['x-ms-throttle-retry-count']).toBe(3);
    expect(performance.now() - started).toBeGreaterThanOrEqual(40);
    expect((await admin('GET', 'faults')).body['fail']).toEqual([]);
  });

  test.each([
    [410, 1002],
    [449, 5351],
    [413, undefined],
  ])('%i reaches the caller with its substatus', async (status, substatus) => {
    service.cosmos.setFaults({ fail: [{ status }] });
    const error = await failure(container.item('a', 'a').patch([{ op: 'set', path: '/n', value: 1 }]));
    expect({ code: error.code, substatus: error.substatus }).toEqual({ code: status, substatus });
  });

  test('503 on a write reaches the caller once the client gave up', async () => {
    service.cosmos.setFaults({ fail: [{ status: 503, times: 50 }] });
    expect((await failure(container.items.upsert({ id: 'a', pk: 'a' }))).code).toBe(503);
  });

  test('strike only the kind of request they are aimed at', async () => {
    service.cosmos.setFaults({ fail: [{ status: 410, on: 'writes' }] });
    expect((await container.item('a', 'a').read()).statusCode).toBe(200);
    expect((await container.items.query('SELECT * FROM c').fetchAll()).resources).toHaveLength(1);
    expect((await failure(container.items.upsert({ id: 'a', pk: 'a' }))).code).toBe(410);
    expect((await container.items.upsert({ id: 'a', pk: 'a' })).statusCode).toBe(200);
  });

  test('latency holds answers back', async () => {
    service.cosmos.setFaults({ latencyMs: 60 });
    const started = performance.now();
    await container.item('a', 'a').read();
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  test('a request held back does not hold back closing', async () => {
    await using slow = await connect({ faults: { latencyMs: 60_000 } });
    const waiting = failure(fetch(slow.cosmos.url));
    await expect.poll(async () => (await fetch(`${slow.cosmos.url}/emulator/stats`)).status).toBe(200);
    await slow.cosmos.close();
    expect((await waiting).message).toContain('fetch failed');
  });

  test('down cuts connections, and up again serves as before', async () => {
    service.cosmos.setFaults({ down: true });
    await expect(fetch(service.cosmos.url)).rejects.toThrow();
    expect((await admin('GET', 'faults')).body['down']).toBe(true);
    service.cosmos.setFaults({});
    expect((await container.item('a', 'a').read()).statusCode).toBe(200);
  });

  test('that make no sense are a 400', async () => {
    expect((await admin('PUT', 'faults', { fail: [{ times: 3 }] })).status).toBe(400);
  });
});

describe('the stand-in', () => {
  test('refuses another key with 401', async () => {
    const key = Buffer.from('another key').toString('base64');
    const client = new CosmosClient({ endpoint: service.cosmos.url, key });
    const error = await failure(client.database('voice').read());
    client.dispose();
    expect(error.code).toBe(401);
    expect((await fetch(service.cosmos.url)).status).toBe(401);
  });

  test('refuses a signature of yesterday with 403', async () => {
    const date = new Date(Date.now() - 86_400_000).toUTCString();
    const text = `get\ndbs\n\n${date.toLowerCase()}\n\n`;
    const signature = createHmac('sha256', Buffer.from(service.cosmos.key, 'base64')).update(text).digest('base64');
    const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
    const headers = { 'x-ms-date': date, authorization };
    expect((await fetch(`${service.cosmos.url}/dbs`, { headers })).status).toBe(403);
  });

  test('names its own address for reads and writes', async () => {
    const { resource } = await service.client.getDatabaseAccount();
    const endpoints = [...resource!.writableLocations, ...resource!.readableLocations];
    expect(endpoints.map(({ databaseAccountEndpoint }) => databaseAccountEndpoint)).toEqual([
      `${service.cosmos.url}/`,
      `${service.cosmos.url}/`,
    ]);
  });

  test('tells its counters and forgets everything on reset', async () => {
    await using other = await connect();
    const calls = await other.container();
    await calls.items.create({ id: 'a', pk: 'a' });
    const stats = await (await fetch(`${other.cosmos.url}/emulator/stats`)).json();
    expect(stats).toMatchObject({ documents: 1, containers: 1, journalBytes: 0, requestUnits: 5 });
    await fetch(`${other.cosmos.url}/emulator/reset`, { method: 'POST' });
    expect(other.cosmos.stats()).toMatchObject({ documents: 0, containers: 0, requestUnits: 0 });
    expect((await calls.item('a', 'a').read()).statusCode).toBe(404);
  });

  test('does not start in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(startCosmos()).rejects.toThrow('production');
    vi.unstubAllEnvs();
  });

  test('starts in less than 50 ms', async () => {
    const times: number[] = [];
    for (let run = 0; run < 3; run++) {
      const started = performance.now();
      const cosmos = await startCosmos();
      times.push(performance.now() - started);
      await cosmos.close();
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
