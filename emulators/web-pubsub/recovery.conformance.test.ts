import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { patiently, talk } from './with-sdk.ts';

const call = 'call.5a1d';
const reliable = 'json.reliable.webpubsub.azure.v1';

describe('a reliable connection', () => {
  test('whose socket is cut again and again loses no message and tells none twice', async () => {
    const { pubsub, service, subscribe } = await talk({ faults: { cut: { afterMessages: 25 } } });
    const subscriber = await subscribe({ groups: [call] });
    const numbers = Array.from({ length: 100 }, (_, at) => at);
    for (const number of numbers) await service.group(call).sendToAll(number);
    expect(await subscriber.hears(numbers.length)).toEqual(numbers);
    await service.group(call).sendToAll('and no more');
    expect(await subscriber.hears(numbers.length + 1)).toEqual([...numbers, 'and no more']);
    expect(subscriber).toMatchObject({ disconnections: [], tokens: 1, connectionIds: [expect.any(String)] });
    const { recoveries, repeated } = pubsub.counters();
    expect(recoveries).toBeGreaterThan(0);
    expect(repeated).toBeGreaterThan(0);
  });

  test('gets what was published while it had no socket', async () => {
    const { pubsub, service, subscribe } = await talk();
    const subscriber = await subscribe({ groups: [call] });
    await service.group(call).sendToAll(1);
    await subscriber.hears(1);
    // It cannot come back until it is let in; that its access token is expired by then matters to nobody.
    pubsub.setFaults({ refuse: { status: 503 }, expired: { of: 'clients' } });
    expect(pubsub.drop()).toBe(1);
    await expect.poll(() => pubsub.counters().refused[503], patiently).toBeGreaterThan(0);
    expect(pubsub.connections()).toMatchObject([{ state: 'waiting', groups: [call] }]);
    for (const number of [2, 3]) await service.group(call).sendToAll(number);
    expect(await service.groupExists(call)).toBe(true);
    pubsub.setFaults({ refuse: null });
    expect(await subscriber.hears(3)).toEqual([1, 2, 3]);
    expect(pubsub.counters()).toMatchObject({ connections: 1, recoveries: 1 });
  });

  test('that the service has forgotten is a new one with the same groups', async () => {
    const { pubsub, service, subscribe } = await talk({ faults: { forget: { times: 1 } } });
    const roles = ['webpubsub.joinLeaveGroup'];
    const subscriber = await subscribe({ roles });
    await subscriber.client.joinGroup(call);
    pubsub.drop({ how: 'reset' }, { group: call });
    await subscriber.connected(2);
    await service.group(call).sendToAll('here again');
    expect(await subscriber.hears(1)).toEqual(['here again']);
    expect(subscriber.tokens).toBe(2);
    expect(new Set(subscriber.connectionIds).size).toBe(2);
    expect(pubsub.counters()).toMatchObject({ unrecoverable: 1, recoveries: 0 });
  });

  test('is taken over from a socket through which nothing passes any more', async () => {
    const { pubsub, service } = await talk();
    const first = await open((await service.getClientAccessToken({ groups: [call] })).url);
    pubsub.drop({ how: 'half-open' });
    await service.group(call).sendToAll('kept');
    const second = await open(recoveryUrl(pubsub.url, first.connected));
    expect(await second.next()).toMatchObject({ sequenceId: 1, group: call, data: 'kept' });
    await once(first.socket, 'close');
    await service.group(call).sendToAll('and on');
    expect(await second.next()).toMatchObject({ sequenceId: 2, data: 'and on' });
    expect(first.frames).toHaveLength(0);
    expect(pubsub.connections()).toHaveLength(1);
  });

  test('is given again only what was not acknowledged', async () => {
    const { pubsub, service } = await talk();
    const first = await open((await service.getClientAccessToken({ groups: [call] })).url);
    for (const number of [1, 2, 3]) await service.group(call).sendToAll(number);
    for (const _ of [1, 2, 3]) await first.next();
    first.socket.send('{"type":"sequenceAck","sequenceId":2}');
    await expect.poll(() => pubsub.connections()[0]?.unacknowledged, patiently).toBe(1);
    first.socket.terminate();
    const second = await open(recoveryUrl(pubsub.url, first.connected));
    expect(await second.next()).toMatchObject({ sequenceId: 3, data: 3 });
    await service.group(call).sendToAll(4);
    expect(await second.next()).toMatchObject({ sequenceId: 4, data: 4 });
  });

  test('is over when nobody comes back for it in time', async () => {
    const { pubsub, service } = await talk({ recoveryMs: 1 });
    const { url } = await service.getClientAccessToken({ groups: [call] });
    const { socket, connected } = await open(url);
    socket.terminate();
    await expect.poll(() => pubsub.connections(), patiently).toEqual([]);
    expect(await service.groupExists(call)).toBe(false);
    expect(await closing(recoveryUrl(pubsub.url, connected))).toBe(1008);
  });

  test('cannot be taken by a wrong token or another subprotocol', async () => {
    const { pubsub, service } = await talk();
    const { connected, socket } = await open((await service.getClientAccessToken({ groups: [call] })).url);
    expect(await closing(recoveryUrl(pubsub.url, { ...connected, reconnectionToken: 'guess' }))).toBe(1008);
    expect(await closing(recoveryUrl(pubsub.url, connected), 'json.webpubsub.azure.v1')).toBe(1008);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    expect(pubsub.connections()).toMatchObject([{ state: 'open' }]);
  });

  test('that does not acknowledge is given up when there is no more room', async () => {
    const { pubsub, service } = await talk({ room: { messages: 2 } });
    const { socket } = await open((await service.getClientAccessToken({ groups: [call] })).url);
    const closed = once(socket, 'close');
    for (const number of [1, 2, 3]) await service.group(call).sendToAll(number);
    expect((await closed)[0]).toBe(1008);
    expect(pubsub.counters()).toMatchObject({ overflows: 1 });
    expect(pubsub.connections()).toEqual([]);
  });

  test('says goodbye and is gone at once', async () => {
    const { pubsub, subscribe } = await talk();
    const { client } = await subscribe({ groups: [call] });
    client.stop();
    await expect.poll(() => pubsub.connections(), patiently).toEqual([]);
  });
});

test('a plain connection that breaks is a new one with the same groups; what was said between is lost', async () => {
  const { pubsub, service, subscribe } = await talk();
  const subscriber = await subscribe({ roles: ['webpubsub.joinLeaveGroup'], protocol: 'plain' });
  await subscriber.client.joinGroup(call);
  pubsub.setFaults({ refuse: { status: 503 } });
  pubsub.drop();
  await expect.poll(() => pubsub.connections(), patiently).toEqual([]);
  await service.group(call).sendToAll('lost');
  pubsub.setFaults({ refuse: null });
  await subscriber.connected(2);
  await service.group(call).sendToAll('heard');
  expect(await subscriber.hears(1)).toEqual(['heard']);
  expect(subscriber.disconnections).toEqual([undefined]);
  expect(subscriber.tokens).toBeGreaterThan(1);
  expect(pubsub.counters()).toMatchObject({ connections: 2, recoveries: 0 });
});

interface Connected {
  connectionId: string;
  reconnectionToken: string;
}

/** A bare socket of the reliable subprotocol, connected. */
async function open(url: string) {
  const socket = new WebSocket(url, reliable);
  const frames: Record<string, unknown>[] = [];
  socket.on('message', data => void frames.push(JSON.parse(data.toString()) as Record<string, unknown>));
  const next = async () => {
    while (frames.length === 0) await once(socket, 'message');
    return frames.shift()!;
  };
  const connected = (await next()) as unknown as Connected;
  return { socket, frames, next, connected };
}

function recoveryUrl(url: string, { connectionId, reconnectionToken }: Connected): string {
  const query = new URLSearchParams({ awps_connection_id: connectionId, awps_reconnection_token: reconnectionToken });
  return `${url.replace('http', 'ws')}/client/hubs/control?${query}`;
}

/** The code a socket of this address is closed with. */
async function closing(url: string, protocol = reliable): Promise<number> {
  const [code] = (await once(new WebSocket(url, protocol), 'close')) as [number];
  return code;
}
