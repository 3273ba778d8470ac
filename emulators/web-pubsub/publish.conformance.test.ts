import { odata } from '@azure/web-pubsub';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { patiently, serviceOf, talk } from './with-sdk.ts';

const call = 'call.5a1d';

test('what the server publishes to a group reaches everybody in it, in both subprotocols, and nobody else', async () => {
  const { pubsub, service, subscribe } = await talk();
  const [reliable, plain, stranger] = await Promise.all([
    subscribe({ groups: [call] }),
    subscribe({ groups: [call], protocol: 'plain' }),
    subscribe({ groups: ['call.other'] }),
  ]);
  await service.group(call).sendToAll({ do: 'leave', id: '1' });
  await service.group(call).sendToAll('plain words', { contentType: 'text/plain' });
  await service.group(call).sendToAll(Buffer.from([0, 1, 255]));
  await serviceOf(pubsub.connectionString, { hub: 'calls' }).sendToAll('another hub');
  await service.sendToAll('for all', { contentType: 'text/plain' });
  for (const subscriber of [reliable, plain]) {
    const [json, text, binary, all] = await subscriber.hears(4);
    expect(json).toEqual({ do: 'leave', id: '1' });
    expect(text).toBe('plain words');
    expect([...new Uint8Array(binary as ArrayBuffer)]).toEqual([0, 1, 255]);
    expect(all).toBe('for all');
  }
  expect(await stranger.hears(1)).toEqual(['for all']);
  expect(
    pubsub.published().map(({ target, reached, bytes, dataType }) => [target.to, reached, bytes, dataType]),
  ).toEqual([
    ['group', 2, 23, 'json'],
    ['group', 2, 11, 'text'],
    ['group', 2, 3, 'binary'],
    ['all', 0, 13, 'json'],
    ['all', 3, 7, 'text'],
  ]);
  expect(pubsub.groups()).toContainEqual({ hub: 'control', group: call, connections: 2, published: 3 });
  expect(pubsub.counters()).toMatchObject({ connections: 3, publishes: 5, deliveries: 9 });
});

test('users, connections, exclusions and filters narrow who gets a message', async () => {
  const { service, subscribe } = await talk();
  const [ann, otherAnn, bob] = await Promise.all([
    subscribe({ userId: "ann's", groups: [call] }),
    subscribe({ userId: "ann's" }),
    subscribe({ userId: 'bob', groups: [call] }),
  ]);
  await service.sendToUser("ann's", 'both of ann');
  await service.sendToConnection(bob.connectionIds[0]!, 'bob alone');
  await service.group(call).sendToAll('not bob', { excludedConnections: bob.connectionIds });
  await service.sendToAll('ann without group', { filter: odata`userId eq ${"ann's"} and not (${call} in groups)` });
  await service.sendToAll('end');
  expect(await ann.hears(3)).toEqual(['both of ann', 'not bob', 'end']);
  expect(await otherAnn.hears(3)).toEqual(['both of ann', 'ann without group', 'end']);
  expect(await bob.hears(2)).toEqual(['bob alone', 'end']);
  await expect(service.sendToAll('x', { filter: 'userId like 1' })).rejects.toMatchObject({ statusCode: 400 });
});

test('the server adds to groups, removes from them and asks who is there', async () => {
  const { service, subscribe } = await talk();
  const [ann, bob] = await Promise.all([subscribe({ userId: 'ann' }), subscribe({ userId: 'bob' })]);
  const group = service.group('a/b ü');
  expect(await service.groupExists('a/b ü')).toBe(false);
  await group.addConnection(ann.connectionIds[0]!);
  await group.addUser('bob');
  expect(await service.groupExists('a/b ü')).toBe(true);
  expect(await service.userExists('bob')).toBe(true);
  expect(await service.userExists('eve')).toBe(false);
  expect(await service.connectionExists(ann.connectionIds[0]!)).toBe(true);
  expect(await service.connectionExists('nobody')).toBe(false);
  const members: unknown[] = [];
  for await (const member of await group.listConnections({ maxPageSize: 1 })) members.push(member);
  expect(members).toEqual([
    { connectionId: ann.connectionIds[0], userId: 'ann' },
    { connectionId: bob.connectionIds[0], userId: 'bob' },
  ]);
  await group.sendToAll('two');
  await group.removeConnection(ann.connectionIds[0]!);
  await service.removeUserFromAllGroups('bob');
  expect(await service.groupExists('a/b ü')).toBe(false);
  await service.addConnectionsToGroups(['g1', 'g2'], "userId eq 'ann'");
  await service.removeConnectionsFromGroups(['g1'], "'g1' in groups");
  await service.group('g1').sendToAll('nobody hears');
  await service.group('g2').sendToAll('ann hears');
  expect(await ann.hears(2)).toEqual(['two', 'ann hears']);
  await expect(group.addConnection('nobody')).rejects.toMatchObject({ statusCode: 404 });
});

test('a closed connection hears why, and a client that reconnects gets a new one', async () => {
  const { service, subscribe } = await talk();
  const subscriber = await subscribe({ groups: [call] });
  await service.closeConnection(subscriber.connectionIds[0]!, { reason: 'the call is over' });
  await subscriber.connected(2);
  expect(subscriber.disconnections).toEqual(['the call is over']);
  expect(await service.connectionExists(subscriber.connectionIds[0]!)).toBe(false);
  await service.group(call).closeAllConnections({ reason: 'again' });
  await subscriber.connected(3);
  expect(new Set(subscriber.connectionIds).size).toBe(3);
});

test('a client without subprotocol gets the bare content', async () => {
  const { service, pubsub } = await talk();
  const { url } = await service.getClientAccessToken({ groups: [call] });
  const socket = new WebSocket(url);
  const frames: [string, boolean][] = [];
  const three = new Promise<void>(resolve => {
    socket.on('message', (data, isBinary) => {
      frames.push([data.toString(), isBinary]);
      if (frames.length === 3) resolve();
    });
  });
  await new Promise(resolve => socket.once('open', resolve));
  await service.group(call).sendToAll('words', { contentType: 'text/plain' });
  await service.group(call).sendToAll({ a: 1 });
  await service.group(call).sendToAll(Buffer.from('bytes'));
  await three;
  expect(frames).toEqual([
    ['words', false],
    ['{"a":1}', false],
    ['bytes', true],
  ]);
  socket.send('for the event handler');
  await expect.poll(() => pubsub.counters().events, patiently).toBe(1);
  socket.terminate();
});

test('publish to receive is measured', async () => {
  const { service, subscribe } = await talk();
  const subscriber = await subscribe({ groups: [call] });
  const group = service.group(call);
  const took: number[] = [];
  const rounds = 150;
  for (let round = 1; round <= rounds; round++) {
    const startedMs = performance.now();
    const sent = group.sendToAll({ round });
    await subscriber.hears(round);
    took.push(performance.now() - startedMs);
    await sent;
  }
  expect(subscriber.heard).toEqual(took.map((_, at) => ({ round: at + 1 })));
  const sorted = took.slice(10).sort((a, b) => a - b);
  const quantile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2);
  console.log(
    `web-pubsub: publish to receive over ${sorted.length}: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms`,
  );
});

test('a send over the limit succeeds on the second try of the client', async () => {
  const { pubsub, subscribe } = await talk({ faults: { publish: { status: 429, retryAfterSeconds: 0, times: 1 } } });
  const subscriber = await subscribe({ groups: [call] });
  await serviceOf(pubsub.connectionString, { maxRetries: 1 }).group(call).sendToAll('once');
  expect(await subscriber.hears(1)).toEqual(['once']);
  expect(pubsub.counters()).toMatchObject({ refused: { 429: 1 }, faults: { publish: 1 } });
});
