import type { Container } from '@azure/cosmos';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Call, seededCalls } from './analyst-calls.ts';
import { type Connected, connect } from './conformance-client.ts';

/** The questions analysts ask of the `calls` container, each checked against the same computed in TypeScript. */
const FROM = '2026-11-03';
const TO = '2026-11-08';
const W = "c.type='call' AND c.day>=@from AND c.day<@to";
const all = seededCalls(600);
const inRange = all.filter(call => call.day >= FROM && call.day < TO);
const answered = inRange.filter(call => call.answered);

let service: Connected;
let calls: Container;
let transcripts: Container;
beforeAll(async () => {
  service = await connect();
  calls = await service.container({
    id: 'calls',
    defaultTtl: -1,
    indexingPolicy: {
      includedPaths: [{ path: '/*' }],
      excludedPaths: [{ path: '/post/summary/?' }, { path: '/handoffs/[]/reason/?' }, { path: '/"_etag"/?' }],
      compositeIndexes: [
        [
          { path: '/type', order: 'ascending' },
          { path: '/startedAt', order: 'descending' },
        ],
      ],
    },
  });
  transcripts = await service.container({ id: 'transcripts', defaultTtl: 7_776_000 });
  for (let at = 0; at < all.length; at += 100) {
    const chunk = all.slice(at, at + 100);
    await calls.items.bulk(chunk.map(resourceBody => ({ operationType: 'Upsert' as const, resourceBody })) as never);
  }
  await calls.items.upsert({ id: 'lat|a|resp', pk: 'rollup|2026-11-04', type: 'rollup', day: '2026-11-04' });
  for (const seq of [1, 2, 3]) await transcripts.items.upsert({ id: `turn:${seq}`, pk: all[0]!.pk, type: 'turn', seq });
});
afterAll(() => service[Symbol.asyncDispose]());

async function ask(query: string, parameters: { name: string; value: string }[] = []): Promise<unknown[]> {
  const range = [
    { name: '@from', value: FROM },
    { name: '@to', value: TO },
  ];
  return (await calls.items.query({ query, parameters: [...range, ...parameters] }).fetchAll()).resources;
}

function groups<T, R>(items: T[], keyOf: (item: T) => string, toRow: (key: string, group: T[]) => R): R[] {
  return [...Map.groupBy(items, keyOf)].map(([key, group]) => toRow(key, group));
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
const average = (numbers: number[]): number => sum(numbers) / numbers.length;
const count = <T>(items: T[], holds: (item: T) => boolean): number => items.filter(holds).length;

/** Groups come in no promised order. */
function expectSame(rows: unknown[], expected: unknown[]): void {
  const sorted = (list: unknown[]) => list.map(row => JSON.stringify(row)).sort();
  expect(expected.length).toBeGreaterThan(0);
  expect(sorted(rows)).toEqual(sorted(expected));
}

test('1: answer rate by day', async () => {
  const rows = await ask(
    `SELECT c.day, COUNT(1) AS calls, SUM(c.answered ? 1 : 0) AS answered FROM c WHERE ${W} AND c.direction='in' GROUP BY c.day`,
  );
  const inbound = inRange.filter(call => call.direction === 'in');
  expectSame(
    rows,
    groups(
      inbound,
      call => call.day,
      (day, group) => ({ day, calls: group.length, answered: count(group, call => call.answered) }),
    ),
  );
});

test('2: drop rate by agent', async () => {
  const rows = await ask(
    `SELECT c.agent, COUNT(1) AS n, SUM(IIF(c.outcome='dropped',1,0)) AS dropped FROM c WHERE ${W} AND c.answered=true GROUP BY c.agent`,
  );
  const row = (agent: string, group: Call[]) => ({
    agent,
    n: group.length,
    dropped: count(group, call => call.outcome === 'dropped'),
  });
  expectSame(
    rows,
    groups(answered, call => call.agent, row),
  );
});

test('3: latency percentiles from sixteen buckets', async () => {
  const buckets = Array.from({ length: 16 }, (_, index) => `SUM(c.lat.resp.b[${index}]) AS b${index}`).join(', ');
  const rows = await ask(
    `SELECT c.agent, SUM(c.lat.resp.n) AS n, MAX(c.lat.resp.max) AS mx, ${buckets} FROM c WHERE ${W} GROUP BY c.agent`,
  );
  const row = (agent: string, group: Call[]) => ({
    agent,
    n: sum(group.map(call => call.lat.resp.n)),
    mx: Math.max(...group.map(call => call.lat.resp.max)),
    ...Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`b${index}`, sum(group.map(call => call.lat.resp.b[index]!))]),
    ),
  });
  expectSame(
    rows,
    groups(inRange, call => call.agent, row),
  );
});

test('4: handoffs from whom to whom', async () => {
  const rows = await ask(
    `SELECT h["from"] AS src, h.to AS dst, COUNT(1) AS n FROM c JOIN h IN c.handoffs WHERE ${W} GROUP BY h["from"], h.to`,
  );
  const handoffs = inRange.flatMap(call => call.handoffs);
  expectSame(
    rows,
    groups(
      handoffs,
      ({ from, to }) => `${from} ${to}`,
      (_, group) => ({ src: group[0]!.from, dst: group[0]!.to, n: group.length }),
    ),
  );
});

test('5: containment by entry agent', async () => {
  const rows = await ask(
    `SELECT c.entryAgent, AVG(c.outcome='contained' ? 1 : 0) AS rate, COUNT(1) AS n FROM c WHERE ${W} AND c.answered=true GROUP BY c.entryAgent`,
  );
  const row = (entryAgent: string, group: Call[]) => ({
    entryAgent,
    rate: count(group, call => call.outcome === 'contained') / group.length,
    n: group.length,
  });
  expectSame(
    rows,
    groups(answered, call => call.entryAgent, row),
  );
});

test('6: handle time', async () => {
  const rows = await ask(
    `SELECT c.agent, AVG(c.durationSec) AS aht, MAX(c.durationSec) AS longest, AVG(c.turnCount) AS turns FROM c WHERE ${W} AND c.answered=true GROUP BY c.agent`,
  );
  const row = (agent: string, group: Call[]) => ({
    agent,
    aht: average(group.map(call => call.durationSec)),
    longest: Math.max(...group.map(call => call.durationSec)),
    turns: average(group.map(call => call.turnCount)),
  });
  expectSame(
    rows,
    groups(answered, call => call.agent, row),
  );
});

test('7: top intents', async () => {
  const rows = await ask(`SELECT i AS intent, COUNT(1) AS n FROM c JOIN i IN c.intents WHERE ${W} GROUP BY i`);
  const intents = inRange.flatMap(call => call.intents);
  expectSame(
    rows,
    groups(
      intents,
      intent => intent,
      (intent, group) => ({ intent, n: group.length }),
    ),
  );
});

test('8: barge-ins by hour', async () => {
  const rows = await ask(
    `SELECT LEFT(c.startedAt,13) AS hr, SUM(c.bargeIns) AS b, COUNT(1) AS n FROM c WHERE ${W} AND c.answered=true GROUP BY LEFT(c.startedAt,13)`,
  );
  const row = (hr: string, group: Call[]) => ({ hr, b: sum(group.map(call => call.bargeIns)), n: group.length });
  expectSame(
    rows,
    groups(answered, call => call.startedAt.slice(0, 13), row),
  );
});

test('9: failed tools', async () => {
  const rows = await ask(
    `SELECT t.name, COUNT(1) AS calls, SUM(t.ok ? 0 : 1) AS failed, AVG(t.ms) AS avgMs FROM c JOIN t IN c.tools WHERE ${W} GROUP BY t.name`,
  );
  const tools = inRange.flatMap(call => call.tools);
  const row = (name: string, group: Call['tools']) => ({
    name,
    calls: group.length,
    failed: count(group, tool => !tool.ok),
    avgMs: average(group.map(tool => tool.ms)),
  });
  expectSame(
    rows,
    groups(tools, tool => tool.name, row),
  );
});

test('10: e-mail delivery', async () => {
  const rows = await ask(
    `SELECT c.email.status AS status, COUNT(1) AS n FROM c WHERE ${W} AND IS_DEFINED(c.email) GROUP BY c.email.status`,
  );
  const emails = inRange.flatMap(call => call.email ?? []);
  expectSame(
    rows,
    groups(
      emails,
      email => email.status,
      (status, group) => ({ status, n: group.length }),
    ),
  );
});

test('11: longest calls', async () => {
  const rows = await ask(
    `SELECT c.callId, c.startedAt, c.durationSec FROM c WHERE ${W} ORDER BY c.durationSec DESC OFFSET 0 LIMIT 10`,
  );
  const longest = inRange.toSorted((a, b) => b.durationSec - a.durationSec).slice(0, 10);
  expect(rows).toEqual(longest.map(({ callId, startedAt, durationSec }) => ({ callId, startedAt, durationSec })));
});

test('12: calls whose e-mail tool failed', async () => {
  const rows = await ask(
    `SELECT VALUE COUNT(1) FROM c WHERE ${W} AND EXISTS(SELECT VALUE t FROM t IN c.tools WHERE t.ok=false AND t.name='send_email')`,
  );
  const failed = count(inRange, call => call.tools.some(tool => !tool.ok && tool.name === 'send_email'));
  expect(failed).toBeGreaterThan(0);
  expect(rows).toEqual([failed]);
});

test('13: one call complete, from both containers', async () => {
  const query = { query: 'SELECT * FROM c WHERE c.pk=@callId', parameters: [{ name: '@callId', value: all[0]!.pk }] };
  const record = (await calls.items.query(query).fetchAll()).resources;
  expect(record).toEqual([expect.objectContaining(all[0]!)]);
  const turns = (await transcripts.items.query(query, { partitionKey: all[0]!.pk }).fetchAll()).resources;
  expect(turns.map(turn => turn.seq)).toEqual([1, 2, 3]);
});

test('the latest calls come sorted by the composite index', async () => {
  const rows = await ask(`SELECT VALUE c.startedAt FROM c WHERE ${W} ORDER BY c.type ASC, c.startedAt DESC`);
  expect(rows).toEqual(inRange.map(call => call.startedAt).sort((a, b) => (a < b ? 1 : -1)));
});
