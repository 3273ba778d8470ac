import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import type { CallLife } from '../../contracts/call-life.ts';
import { callerMemoryId, callerPartition } from '../../contracts/caller-memory.ts';
import { type Cosmos, startCosmos } from '../../emulators/cosmos/cosmos.ts';
import { callerMemories } from '../callers/memories.ts';
import { type Documents, type Journal, openStore } from '../store.ts';
import { testSettings } from '../testing/settings.ts';
import { rememberCaller } from './remember-caller.ts';

/** With the real client, and a database whose clock the test turns. */
let cosmos: Cosmos;
let sessions: Documents;
let now = Date.parse('2026-11-20T12:00:00Z');

beforeAll(async () => {
  cosmos = await startCosmos({ clock: () => now });
  sessions = openStore(testSettings({ cosmos })).documents('sessions');
});
afterAll(() => cosmos.close());

const hours = 2;
const hour = 3_600_000;
const journals = new Map<string, Journal>();

/** A call that has ended, with its journal as its media host left it. */
function ended(callerHash: string, facts: CallFact[]) {
  const callId = String(journals.size).padStart(32, '0');
  const events = facts.map((fact, seq): CallEvent => ({ ...fact, seq, at: now + seq }));
  journals.set(callId, { events, unreadable: 0 });
  const life: CallLife = { phase: 'ended', answeredAt: now, endedAt: now + 9_000, endedBy: 'caller' };
  const opening = {
    ...{ callId, direction: 'in' as const, startedAt: now, callerHash, calleeId: '4:+15550100' },
    ...{ entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
  };
  return { opening, life };
}

const says = (name: string, value: string): CallFact => ({
  ...{ type: 'known', turn: 1, name, value, by: 'agent', personal: true },
});

const parts = () => ({
  store: { journal: async (callId: string) => journals.get(callId) ?? { events: [], unreadable: 0 } },
  memories: callerMemories(sessions, hours),
});
const memoryOf = async (hash: string) => (await sessions.read(callerPartition(hash), callerMemoryId))?.fields;

test('two calls of one caller that end at once are both remembered, however often their activities run', async () => {
  const one = ended('h1', [says('name', 'Ana')]);
  now += 1_000;
  const two = ended('h1', [says('branch', 'harbour')]);
  const runs = Array.from({ length: 6 }, (_, i) => rememberCaller(parts(), i % 2 === 0 ? one : two));
  expect(await Promise.all(runs)).toEqual(runs.map(() => ({ facts: 1 })));
  const memory = await memoryOf('h1');
  expect(memory).toMatchObject({
    facts: { name: { value: 'Ana' }, branch: { value: 'harbour' } },
    calls: [{ callId: one.opening.callId }, { callId: two.opening.callId }],
    ...{ ver: 2, ttl: hours * 3600 },
  });
  await rememberCaller(parts(), one);
  expect(await memoryOf('h1')).toEqual(memory);
});

test('a memory ends when its time is over, and each call begins that time anew', async () => {
  await rememberCaller(parts(), ended('h2', [says('name', 'Bo')]));
  now += hours * hour - 60_000;
  expect(await memoryOf('h2')).toMatchObject({ ver: 1 });
  await rememberCaller(parts(), ended('h2', []));
  now += hours * hour - 60_000;
  expect(await memoryOf('h2')).toMatchObject({ ver: 2, facts: { name: { value: 'Bo' } } });
  now += 61_000;
  expect(await memoryOf('h2')).toBeUndefined();
});

test('a database that refuses fails the activity, which is run again', async () => {
  const call = ended('h3', [says('name', 'Cy')]);
  cosmos.setFaults({ fail: [{ status: 403 }] });
  await expect(rememberCaller(parts(), call)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await rememberCaller(parts(), call);
  expect(await memoryOf('h3')).toMatchObject({ facts: { name: { value: 'Cy' } } });
});
