import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallEvent, CallFact } from '../contracts/call-event.ts';
import type { CallLife } from '../contracts/call-life.ts';
import { callRecord } from '../contracts/call-record.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { lastWeek, readyQueries } from './queries.ts';
import { openRecords, QueryError, type RecordStore } from './record-store.ts';
import type { Row } from './table.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const day = { from: '2026-11-20', to: '2026-11-21' };
let cosmos: Cosmos;
let store: RecordStore;

beforeAll(async () => {
  cosmos = await startCosmos();
  const client = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
  const { database } = await client.databases.createIfNotExists({ id: 'voice' });
  for (const id of ['calls', 'transcripts'])
    await database.containers.createIfNotExists({ id, partitionKey: { paths: ['/pk'] } });
  const calls = database.container('calls');
  await calls.items.create(record('a', { replies: [300, 700], endedAfterS: 60 }));
  await calls.items.create(record('b', { replies: [900], endedAfterS: 20, dropped: true }));
  await calls.items.create(record('c', {}));
  await database.container('transcripts').items.create({ id: 'turn:1', pk: 'a', type: 'turn', text: 'Hello' });
  client.dispose();
  store = openRecords({ endpoint: cosmos.url, key: cosmos.key, database: 'voice' });
});

afterAll(async () => {
  store.close();
  await cosmos.close();
});

function record(callId: string, told: { replies?: number[]; endedAfterS?: number; dropped?: boolean }) {
  const answered = told.replies !== undefined;
  const spent = (turn: number, model: string, costMicros: number): CallFact => ({
    ...({ type: 'model-ran', turn, model, ttftMs: 1, ms: 2, inputTokens: 1, outputTokens: 1 } as const),
    ...{ cachedTokens: 0, cancelled: false, costMicros },
  });
  const facts: CallFact[] =
    callId === 'a'
      ? [
          spent(0, 'gpt-big', 2000),
          spent(0, 'gpt-small', 100),
          { type: 'guarded', turn: 1, rule: 'abuse', next: 'say' },
        ]
      : answered
        ? [spent(0, 'gpt-big', 500), { type: 'guarded', turn: 1, rule: 'person', next: 'person' }]
        : [];
  const more = facts.map((fact, i) => ({ ...fact, seq: 100 + i, at: noon }) as CallEvent);
  const events: CallEvent[] = (told.replies ?? []).flatMap((replyMs, i): CallEvent[] => [
    { type: 'tool-ran', turn: i, name: 'opening-hours', ok: i === 0, ms: 10, seq: 3 * i, at: noon },
    { type: 'barge-in', turn: i, by: 'voice', decidedAtUs: 1, unsentMs: 0, unplayedMs: 0, seq: 3 * i + 1, at: noon },
    {
      ...{ type: 'agent-spoke', turn: i, agent: 'reception', text: 'x', heard: 'x', interrupted: false },
      ...{ startMs: 0, endMs: 1, replyMs, seq: 3 * i + 2, at: noon },
    },
  ]);
  const life: CallLife = {
    phase: 'ended',
    ...(answered && { answeredAt: noon, endedAt: noon + (told.endedAfterS ?? 0) * 1000 }),
    endedBy: told.dropped ? 'system' : 'caller',
  };
  const opening = { callId, direction: 'in', startedAt: noon, callerHash: 'h', calleeId: 'n', mode: 'media' } as const;
  return callRecord(
    { ...opening, scenario: 'support', entryAgent: 'reception', ttlSeconds: -1 },
    life,
    [...events, ...more],
    1,
  );
}

async function run(name: string, parameters: Record<string, string> = day): Promise<unknown[]> {
  const { sql, containers = ['calls'], finish } = readyQueries[name]!;
  const rows: unknown[] = [];
  for (const container of containers) rows.push(...(await store.query(container, sql, parameters)));
  return finish ? finish(rows as Row[]) : rows;
}

test.each([
  ['answer-rate', [{ day: '2026-11-20', calls: 3, answered: 2 }]],
  ['drop-rate', [{ agent: 'reception', n: 2, dropped: 1 }]],
  ['handoffs', []],
  ['containment', [{ entryAgent: 'reception', rate: 0.5, n: 2 }]],
  ['scenarios', [{ scenario: 'support', rate: 0.5, aht: 40, n: 2 }]],
  ['handle-time', [{ agent: 'reception', aht: 40, longest: 60, turns: 0 }]],
  ['intents', []],
  ['barge-ins', [{ hr: '2026-11-20T12', b: 3, n: 2 }]],
  ['failed-tools', [{ name: 'opening-hours', calls: 3, failed: 1, avgMs: 10 }]],
  [
    'spend',
    [
      { agent: 'reception', model: 'gpt-big', requests: 2, usd: 0.0025 },
      { agent: 'reception', model: 'gpt-small', requests: 1, usd: 0.0001 },
    ],
  ],
  ['guarded', [{ scenario: 'support', emergency: 0, person: 1, abuse: 1, topic: 0, max_turns: 0, max_spend: 0 }]],
  ['email-delivery', []],
  ['email-tool-failed', [0]],
])('the ready-made query %s answers', async (name, rows) => {
  expect(await run(name)).toEqual(rows);
});

test('the longest calls come first', async () => {
  expect((await run('longest')).map(row => (row as Row)['callId'])).toEqual(['a', 'b', 'c']);
});

test('latency is read from the buckets of all calls', async () => {
  const [row] = (await run('latency')) as Row[];
  expect(row).toMatchObject({ agent: 'reception', n: 3, max: 900, under800: 2 / 3 });
  expect(row!['p50']).toBeGreaterThan(600);
  expect(row!['p50']).toBeLessThanOrEqual(800);
});

test('one call comes complete, from both containers', async () => {
  const rows = (await run('one-call', { callId: 'a' })) as Row[];
  expect(rows.map(row => row['type'])).toEqual(['call', 'turn']);
});

test('every ready-made query has been asked here', () => {
  expect(Object.keys(readyQueries)).toHaveLength(16);
});

test('a query that is not understood is told in the service’s words, with its place', async () => {
  const error = (await store.query('calls', 'SELECT c.a, FROM c').catch((reason: unknown) => reason)) as QueryError;
  expect(error).toBeInstanceOf(QueryError);
  expect(error.message).toContain("incorrect syntax near 'FROM'");
  expect(error.position).toBe(12);
});

test('the last week ends with today', () => {
  expect(lastWeek(new Date('2026-03-01T10:00:00Z'))).toEqual({ from: '2026-02-23', to: '2026-03-02' });
});
