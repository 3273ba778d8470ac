import { expect, test } from 'vitest';
import { startWebPubSub } from './web-pubsub.ts';
import { talk } from './with-sdk.ts';

const call = 'call.5a1d';

test('a message may be lost although it was taken, arrive although it was refused, or arrive twice', async () => {
  const { pubsub, service, subscribe } = await talk();
  const subscriber = await subscribe({ groups: [call] });
  const group = service.group(call);
  pubsub.setFaults({ publish: { status: 202, message: 'lost', times: 1 } });
  await group.sendToAll('lost');
  pubsub.setFaults({ publish: { status: 500, message: 'delivered', times: 1 } });
  await expect(group.sendToAll('delivered')).rejects.toMatchObject({ statusCode: 500 });
  pubsub.setFaults({ publish: { status: 202, message: 'twice', times: 1 } });
  await group.sendToAll('twice');
  pubsub.setFaults({ publish: { status: 429, retryAfterSeconds: 3, times: 1 } });
  await expect(group.sendToAll('refused')).rejects.toMatchObject({ statusCode: 429 });
  await group.sendToAll('end');
  expect(await subscriber.hears(4)).toEqual(['delivered', 'twice', 'twice', 'end']);
  expect(pubsub.faults()).toEqual({});
});

test('a late message comes later, and nothing overtakes it', async () => {
  const { pubsub, service, subscribe } = await talk({ faults: { late: { byMs: 40, times: 1 } } });
  const subscriber = await subscribe({ groups: [call] });
  const startedMs = performance.now();
  for (const number of [1, 2, 3]) await service.group(call).sendToAll(number);
  await subscriber.hears(1);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(39);
  expect(await subscriber.hears(3)).toEqual([1, 2, 3]);
  expect(pubsub.counters().faults).toEqual({ late: 1 });
});

test('a slow answer is of no importance to the message', async () => {
  const { service, subscribe } = await talk({ faults: { slow: { byMs: 100_000, times: 1 } } });
  const subscriber = await subscribe({ groups: [call] });
  const leave = new AbortController();
  const sent = service.group(call).sendToAll('there', { abortSignal: leave.signal });
  expect(await subscriber.hears(1)).toEqual(['there']);
  leave.abort();
  await expect(sent).rejects.toThrow('abort');
});

test('what is not a send fails on order too', async () => {
  const { service } = await talk({ faults: { rest: { status: 503, times: 1 } } });
  await expect(service.groupExists(call)).rejects.toMatchObject({ statusCode: 503 });
  expect(await service.groupExists(call)).toBe(false);
});

test('the admin looks, sets faults, drops and starts over', async () => {
  const { pubsub, service, subscribe } = await talk();
  const subscriber = await subscribe({ groups: [call], userId: 'ann' });
  await service.group(call).sendToAll('my secret');
  const ask = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${pubsub.url}/emulator/${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const [connectionId] = subscriber.connectionIds;
  expect((await ask('GET', 'connections')).body).toMatchObject({
    connections: [{ connectionId, hub: 'control', userId: 'ann', groups: [call], protocol: 'reliable', sent: 1 }],
  });
  expect((await ask('GET', 'groups')).body).toMatchObject({ groups: [{ group: call, connections: 1, published: 1 }] });
  const published = await ask('GET', 'published');
  expect(published.body).toMatchObject({ published: [{ target: { to: 'group', name: call }, reached: 1, bytes: 11 }] });
  expect(JSON.stringify(published.body)).not.toContain('secret');
  expect((await ask('PUT', 'faults', { forget: {}, late: { byMs: 1 } })).body).toEqual({
    forget: {},
    late: { byMs: 1 },
  });
  expect((await ask('PUT', 'faults', { late: null })).body).toEqual({ forget: {} });
  expect((await ask('PUT', 'faults', { fly: {} })).status).toBe(400);
  expect((await ask('POST', 'drop', { how: 'jump' })).status).toBe(400);
  expect((await ask('POST', 'drop', { how: 'reset', user: 'bob' })).body).toEqual({ connections: 0 });
  expect((await ask('POST', 'drop', { how: 'reset', group: call })).body).toEqual({ connections: 1 });
  await subscriber.connected(2);
  expect((await ask('GET', 'counters')).body).toMatchObject({ unrecoverable: 1, faults: { forget: 1 } });
  expect((await ask('GET', 'nothing')).status).toBe(404);
  await ask('POST', 'reset');
  expect((await ask('GET', 'published')).body).toEqual({ published: [] });
  expect(pubsub.faults()).toEqual({});
});

test('it does not run in production', async () => {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await expect(startWebPubSub()).rejects.toThrow('NODE_ENV=production');
  process.env['NODE_ENV'] = before;
});

test('closing cuts every socket and frees the port', async () => {
  const { pubsub, subscribe } = await talk();
  const { client } = await subscribe({ protocol: 'plain', options: { autoReconnect: false } });
  const stopped = new Promise(resolve => client.on('stopped', resolve));
  await pubsub.close();
  await stopped;
  await (await startWebPubSub({ port: pubsub.port })).close();
});
