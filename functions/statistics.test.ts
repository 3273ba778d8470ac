import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LifeEvent, live, ringing } from '../contracts/call-life.ts';
import { callRecord } from '../contracts/call-record.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { newCounters } from './counters.ts';
import { type HostTable, hostTable } from './hosts/host-table.ts';
import { dayStatistics, ofDay, type Statistics, statistics } from './statistics.ts';
import { openStore, type Store } from './store.ts';
import { testSettings } from './testing/settings.ts';

let cosmos: Cosmos;
let store: Store;
let hosts: HostTable;
let counts: Statistics;

beforeAll(async () => {
  cosmos = await startCosmos();
  store = openStore(testSettings({ cosmos }));
  hosts = hostTable(store.documents('calls'));
  counts = statistics(store.documents('calls'), hosts, { ...newCounters(), answered: 3, redirected: 1 });
});
afterAll(() => cosmos.close());

const now = Date.parse('2026-08-02T12:00:00Z');
const hourMs = 3_600_000;
let calls = 0;

async function record(ageMs: number, events: readonly LifeEvent[], direction: 'in' | 'out' = 'in'): Promise<void> {
  calls += 1;
  const callId = String(calls).padStart(32, '0');
  const opening = {
    ...{ callId, direction, startedAt: now - ageMs, callerHash: 'x', calleeId: '4:+15550100' },
    ...{ entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
  };
  const life = events.reduce(live, ringing);
  await store.create(callRecord(opening, life, [], 2));
}

const at = now;
const answered: LifeEvent = { type: 'answered', callConnectionId: 'c', at };
const callerLeft: LifeEvent = { type: 'disconnected', code: 200, subCode: 540_000, at };
const mediaLost: LifeEvent = { type: 'abandoned', reason: 'media-failed 500/8603', at };
const turnedAway = (reason: string): LifeEvent => ({ type: 'abandoned', reason, at });

test('the calls of the last day are counted by how they went', async () => {
  for (let i = 0; i < 6; i += 1) await record(hourMs, [answered, callerLeft]);
  await record(hourMs, [answered, mediaLost]);
  await record(hourMs, [answered]);
  await record(hourMs, []);
  await record(hourMs, [turnedAway('busy')]);
  await record(hourMs, [turnedAway('redirected-busy')]);
  await record(hourMs, [turnedAway('rejected-by-policy')]);
  await record(hourMs, [answered, callerLeft], 'out');
  await record(25 * hourMs, [turnedAway('busy')]);

  const day = await counts.lastDay(now, 0);
  expect(day).toEqual({
    'call.offered': 11,
    'call.answered': 9,
    'call.dropped': 1,
    'call.live': 2,
    'call.outbound': 1,
    'call.answer_rate_percent': 80,
    'call.drop_rate_percent': 11.1,
    at: '2026-08-02T12:00:00.000Z',
  });
});

test('people who look at the same time cost one count', async () => {
  const before = cosmos.stats().requests;
  await Promise.all(Array.from({ length: 20 }, () => counts.lastDay(now + 60_000, 10_000)));
  const first = cosmos.stats().requests - before;
  await counts.lastDay(now + 65_000, 10_000);
  expect(cosmos.stats().requests - before).toBe(first);
});

test('without calls there is no rate, and no alert', () => {
  const day = ofDay([], now);
  expect(day).toMatchObject({ 'call.offered': 0, 'call.answered': 0 });
  expect(Object.keys(day)).not.toContain('call.answer_rate_percent');
  expect(Object.keys(day)).not.toContain('call.drop_rate_percent');
});

test('the names of the metrics are those that alerts ask for', () => {
  expect(Object.keys(dayStatistics.shape)).toEqual([
    'call.offered',
    'call.answered',
    'call.dropped',
    'call.live',
    'call.outbound',
    'call.answer_rate_percent',
    'call.drop_rate_percent',
    'at',
  ]);
});

test('hosts are told with what they carry; a silent one carries nothing', async () => {
  const beat = (hostId: string, places: number, carried: number, draining = false) => ({
    ...{ hostId, beat: 1, places, draining, loopP99Ms: 1 },
    calls: Array.from({ length: carried }, (_, i) => String(i).padStart(32, '0')),
  });
  await hosts.hear(beat('mh-1', 10, 4), now);
  await hosts.hear(beat('mh-2', 10, 1, true), now);
  await hosts.hear(beat('mh-3', 10, 9), now - 10_000);
  expect(await counts.hosts(now + 1_500)).toEqual({
    'host.fresh': 1,
    'host.draining': 1,
    'host.silent': 1,
    'host.places': 20,
    'host.calls': 5,
    'host.load_percent': 25,
  });
});

test('what this process has done is told since it began', () => {
  expect(counts.process(Date.now())).toMatchObject({ 'process.answered': 3, 'process.redirected': 1 });
});
