import { type Container, CosmosClient } from '@azure/cosmos';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { callerMemoryId, callerPartition } from '../contracts/caller-memory.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { recallCaller } from './caller-memory.ts';
import { virtualClock } from './clock.ts';
import { createArchive } from './journal/archive.ts';
import { type FromJournal, journalLane, type ToJournal } from './lanes/journal-lane.ts';
import { inlineLane } from './lanes/lane.ts';
import type { ToTurn } from './lanes/turn-messages.ts';
import { createMetrics } from './observe/metrics.ts';
import { createStore, type Store } from './store.ts';
import { nowhere } from './testing/nowhere.ts';

/** With the real client, as the media host reads what the control plane has written. */
let cosmos: Cosmos;
let client: CosmosClient;
let sessions: Container;
let store: Store;

beforeAll(async () => {
  cosmos = await startCosmos();
  client = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
  const { database } = await client.databases.createIfNotExists({ id: 'voice' });
  const partitionKey = { paths: ['/pk'] };
  sessions = (await database.containers.createIfNotExists({ id: 'sessions', partitionKey, defaultTtl: 86_400 }))
    .container;
  store = createStore({
    ...{ COSMOS_ENDPOINT: cosmos.url, COSMOS_KEY: cosmos.key, COSMOS_DATABASE: 'voice', AZURE_CLIENT_ID: undefined },
  });
});
afterEach(() => cosmos.setFaults({}));
afterAll(async () => {
  client.dispose();
  await cosmos.close();
});

const memory = {
  facts: { name: { value: 'Ana', at: 1, callId: 'c' } },
  calls: [{ callId: 'c', at: 1, agent: 'reception', summary: 'Spoke with reception.' }],
};
const document = (hash: string, fields: object) => ({
  ...{ id: callerMemoryId, pk: callerPartition(hash), type: 'caller', ttl: 3600, ver: 3 },
  ...fields,
});

/** A call that has just been admitted; `told` is what the agents' lane hears, `settled` when it hears no more of this. */
function admitted(callerHash: string, { hours = 72, caller = store.caller } = {}) {
  const clock = virtualClock();
  const metrics = createMetrics();
  const told: ToTurn[] = [];
  const asked: string[] = [];
  const heard = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const lane = inlineLane<ToJournal, FromJournal>(
    post =>
      journalLane(post, {
        ...{ clock, ttlSeconds: 1, spool: { keep: async () => undefined }, ahead: nowhere },
        recovery: { recall: async () => ({ events: [] }) },
        store: {
          ...store,
          caller: hash => {
            asked.push(hash);
            heard.resolve();
            return caller(hash);
          },
        },
      }),
    message => {
      archive.hear(message);
      answered.resolve();
    },
  );
  const archive = createArchive(lane, clock, metrics);
  const turns = { post: (message: ToTurn) => void told.push(message) };
  void recallCaller({ archive, turns, metrics, hours }, 7, callerHash);
  const missed = () => metrics.counters()['caller-memories-missed'] ?? 0;
  const settled = () => answered.promise.then(() => new Promise<void>(resolve => setImmediate(resolve)));
  return { clock, told, asked, missed, heard: heard.promise, settled };
}

test('what is remembered of the caller is read once and told to the agents', async () => {
  await sessions.items.create(document('known', memory));
  const call = admitted('known');
  expect(call.told).toEqual([]);
  await call.settled();
  expect(call.told).toEqual([{ type: 'recall', call: 7, memory }]);
  expect(call.asked).toEqual(['known']);
  expect(call.missed()).toBe(0);
});

test('of a caller who was never there nothing is told, and nothing is missed', async () => {
  const call = admitted('stranger');
  await call.settled();
  expect(call.told).toEqual([]);
  expect(call.missed()).toBe(0);
});

test('nobody is asked about where callers are not remembered', async () => {
  const call = admitted('known', { hours: 0 });
  await new Promise<void>(resolve => setImmediate(resolve));
  expect(call.asked).toEqual([]);
});

test('a memory that cannot be read, or a database that refuses, is counted, and the call goes on without', async () => {
  await sessions.items.create(document('garbled', { facts: 'none' }));
  const garbled = admitted('garbled');
  await garbled.settled();
  cosmos.setFaults({ fail: [{ status: 403, times: 9 }] });
  const refused = admitted('known');
  await refused.settled();
  for (const call of [garbled, refused]) {
    expect(call.told).toEqual([]);
    expect(call.missed()).toBe(1);
  }
});

test('a database that is silent is not waited for longer than 2 s; what it says then is not heard', async () => {
  const late = Promise.withResolvers<typeof memory>();
  const call = admitted('known', { caller: () => late.promise });
  await call.heard;
  call.clock.advance(1_999);
  await new Promise<void>(resolve => setImmediate(resolve));
  expect(call.missed()).toBe(0);
  call.clock.advance(1);
  await new Promise<void>(resolve => setImmediate(resolve));
  expect(call.missed()).toBe(1);
  late.resolve(memory);
  await call.settled();
  expect(call.told).toEqual([]);
});
