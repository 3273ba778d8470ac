import { once } from 'node:events';
import { SendMessageError } from '@azure/web-pubsub-client';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { talk } from './with-sdk.ts';

const call = 'call.5a1d';
const all = ['webpubsub.joinLeaveGroup', 'webpubsub.sendToGroup'];

test('clients join, send to each other with an ack, and leave', async () => {
  const { pubsub, subscribe } = await talk();
  const [ann, bob] = await Promise.all([
    subscribe({ userId: 'ann', roles: all }),
    subscribe({ roles: all, protocol: 'plain' }),
  ]);
  await Promise.all([ann.client.joinGroup(call), bob.client.joinGroup(call)]);
  const fromAnn: unknown[] = [];
  bob.client.on('group-message', ({ message }) => fromAnn.push([message.group, message.fromUserId, message.dataType]));
  expect(await ann.client.sendToGroup(call, { a: [1] }, 'json')).toEqual({ ackId: 2, isDuplicated: false });
  await ann.client.sendToGroup(call, 'words', 'text', { noEcho: true });
  await ann.client.sendToGroup(call, new Uint8Array([7, 255]).buffer, 'binary', { fireAndForget: true });
  const [json, text, binary] = await bob.hears(3);
  expect([json, text, ...new Uint8Array(binary as ArrayBuffer)]).toEqual([{ a: [1] }, 'words', 7, 255]);
  expect(fromAnn).toEqual([
    [call, 'ann', 'json'],
    [call, 'ann', 'text'],
    [call, 'ann', 'binary'],
  ]);
  expect((await ann.hears(2))[0]).toEqual({ a: [1] });
  await bob.client.leaveGroup(call);
  await ann.client.sendToGroup(call, 'alone', 'text');
  expect(await ann.hears(3)).toHaveLength(3);
  expect(bob.heard).toHaveLength(3);
  expect(pubsub.published().map(({ by, reached }) => [by, reached])).toEqual([
    ['client', 2],
    ['client', 1],
    ['client', 2],
    ['client', 1],
  ]);
});

describe('a request', () => {
  test('of the same ack id is carried out once, also after a recovery', async () => {
    const { pubsub, service, subscribe } = await talk();
    const subscriber = await subscribe({ roles: all });
    const { client } = subscriber;
    expect(await client.sendToGroup(call, 'once', 'text', { ackId: 7 })).toEqual({ ackId: 7, isDuplicated: false });
    expect(await client.sendToGroup(call, 'once', 'text', { ackId: 7 })).toEqual({ ackId: 7, isDuplicated: true });
    pubsub.drop();
    await service.sendToAll('back again');
    await subscriber.hears(1);
    expect(await client.sendToGroup(call, 'once', 'text', { ackId: 7 })).toEqual({ ackId: 7, isDuplicated: true });
    expect(pubsub.counters()).toMatchObject({ recoveries: 1, publishes: 2, nacks: { Duplicate: 2 } });
  });

  test('that failed in the service succeeds with the same ack id later', async () => {
    const { pubsub, subscribe } = await talk({ faults: { nack: { times: 1 } } });
    const { client } = await subscribe({ roles: all });
    const failed = client.sendToGroup(call, 'x', 'text', { ackId: 7 });
    await expect(failed).rejects.toMatchObject({ errorDetail: { name: 'InternalServerError' } });
    expect(await client.sendToGroup(call, 'x', 'text', { ackId: 7 })).toMatchObject({ isDuplicated: false });
    expect(pubsub.counters().publishes).toBe(1);
  });

  test.each([
    ['without a role', []],
    ['with roles of another group', ['webpubsub.joinLeaveGroup.call', 'webpubsub.sendToGroup.call.5a1dd']],
    ['with a role of another service', ['joinLeaveGroup', 'sendToGroup']],
  ])('%s is forbidden', async (_, roles) => {
    const { pubsub, subscribe } = await talk();
    const { client } = await subscribe({ roles });
    const forbidden = { errorDetail: { name: 'Forbidden' } };
    await expect(client.joinGroup(call)).rejects.toMatchObject(forbidden);
    await expect(client.sendToGroup(call, 'x', 'text')).rejects.toBeInstanceOf(SendMessageError);
    await expect(client.leaveGroup(call)).rejects.toMatchObject(forbidden);
    expect(pubsub.counters()).toMatchObject({ publishes: 0, nacks: { Forbidden: 3 } });
    expect(pubsub.groups()).toEqual([]);
  });

  test('is allowed by the role of its group, and by what the server grants until it is revoked', async () => {
    const { service, subscribe } = await talk();
    const subscriber = await subscribe({ roles: [`webpubsub.joinLeaveGroup.${call}`] });
    const { client } = subscriber;
    const [id = ''] = subscriber.connectionIds;
    await client.joinGroup(call);
    await expect(client.joinGroup('call.other')).rejects.toMatchObject({ errorDetail: { name: 'Forbidden' } });
    const one = { targetName: call };
    expect(await service.hasPermission(id, 'sendToGroup', one)).toBe(false);
    await service.grantPermission(id, 'sendToGroup', one);
    expect(await service.hasPermission(id, 'sendToGroup', one)).toBe(true);
    expect(await service.hasPermission(id, 'sendToGroup')).toBe(false);
    await client.sendToGroup(call, 'allowed', 'text');
    await service.revokePermission(id, 'sendToGroup', one);
    await expect(client.sendToGroup(call, 'refused', 'text')).rejects.toBeInstanceOf(SendMessageError);
    expect(await subscriber.hears(1)).toEqual(['allowed']);
  });
});

test('events are counted and acknowledged', async () => {
  const { pubsub, subscribe } = await talk();
  const { client } = await subscribe();
  expect(await client.sendEvent('hello', { a: 1 }, 'json')).toMatchObject({ isDuplicated: false });
  expect(pubsub.counters()).toMatchObject({ events: 1, violations: 0 });
});

test('a ping is answered', async () => {
  const { service } = await talk();
  const socket = new WebSocket((await service.getClientAccessToken()).url, 'json.webpubsub.azure.v1');
  await once(socket, 'message');
  socket.send('{"type":"ping"}');
  expect(String((await once(socket, 'message'))[0])).toBe('{"type":"pong"}');
  socket.terminate();
});
