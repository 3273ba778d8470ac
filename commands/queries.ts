import { histogramBounds } from '../contracts/histogram.ts';
import { percentile } from './percentile.ts';
import type { Row } from './table.ts';

/**
 * The questions analysts ask of the call records, ready to run. They use only what Cosmos DB itself can do; sorting of
 * groups and percentiles are worked out here, because GROUP BY with ORDER BY is refused by the service.
 */
export interface ReadyQuery {
  about: string;
  sql: string;
  /** @default calls */
  containers?: readonly ('calls' | 'transcripts')[];
  /** Parameters besides @from and @to. */
  needs?: readonly string[];
  finish?: (rows: Row[]) => Row[];
}

const calls = "c.type='call' AND c.day>=@from AND c.day<@to";

const by =
  (column: string, order: 'up' | 'down' = 'up') =>
  (rows: Row[]): Row[] =>
    [...rows].sort((a, b) => (order === 'up' ? 1 : -1) * compare(a[column], b[column]));

export const readyQueries: Readonly<Record<string, ReadyQuery>> = {
  'answer-rate': {
    about: 'Incoming calls and how many were answered, by day',
    sql: `SELECT c.day, COUNT(1) AS calls, SUM(c.answered ? 1 : 0) AS answered FROM c WHERE ${calls} AND c.direction='in' GROUP BY c.day`,
    finish: by('day'),
  },
  'drop-rate': {
    about: 'Calls that broke off, by the agent that spoke last',
    sql: `SELECT c.agent, COUNT(1) AS n, SUM(IIF(c.outcome='dropped',1,0)) AS dropped FROM c WHERE ${calls} AND c.answered=true GROUP BY c.agent`,
    finish: by('dropped', 'down'),
  },
  latency: {
    about: 'Reply time in ms by agent: median, 95th and 99th percentile, maximum, share under 800 ms',
    sql: `SELECT c.agent, SUM(c.lat.resp.n) AS n, MAX(c.lat.resp.max) AS mx, ${buckets()} FROM c WHERE ${calls} GROUP BY c.agent`,
    finish: rows => by('agent')(rows.map(latencies)),
  },
  handoffs: {
    about: 'Who handed callers to whom, and how often',
    sql: `SELECT h["from"] AS src, h.to AS dst, COUNT(1) AS n FROM c JOIN h IN c.handoffs WHERE ${calls} GROUP BY h["from"], h.to`,
    finish: by('n', 'down'),
  },
  containment: {
    about: 'Share of answered calls that needed no person, by entry agent',
    sql: `SELECT c.entryAgent, AVG(c.outcome='contained' ? 1 : 0) AS rate, COUNT(1) AS n FROM c WHERE ${calls} AND c.answered=true GROUP BY c.entryAgent`,
    finish: by('entryAgent'),
  },
  scenarios: {
    about: 'Answered calls, share that needed no person, average length in seconds, by scenario',
    sql: `SELECT c.scenario, COUNT(1) AS n, AVG(c.outcome='contained' ? 1 : 0) AS rate, AVG(c.durationSec) AS aht FROM c WHERE ${calls} AND c.answered=true GROUP BY c.scenario`,
    finish: by('n', 'down'),
  },
  'handle-time': {
    about: 'Average and longest call in seconds, average turns, by agent',
    sql: `SELECT c.agent, AVG(c.durationSec) AS aht, MAX(c.durationSec) AS longest, AVG(c.turnCount) AS turns FROM c WHERE ${calls} AND c.answered=true GROUP BY c.agent`,
    finish: by('agent'),
  },
  intents: {
    about: 'What callers wanted, most frequent first',
    sql: `SELECT i AS intent, COUNT(1) AS n FROM c JOIN i IN c.intents WHERE ${calls} GROUP BY i`,
    finish: by('n', 'down'),
  },
  'barge-ins': {
    about: 'How often callers interrupted, by hour',
    sql: `SELECT LEFT(c.startedAt,13) AS hr, SUM(c.bargeIns) AS b, COUNT(1) AS n FROM c WHERE ${calls} AND c.answered=true GROUP BY LEFT(c.startedAt,13)`,
    finish: by('hr'),
  },
  'failed-tools': {
    about: 'Tool runs, failures and average time in ms, by tool',
    sql: `SELECT t.name, COUNT(1) AS calls, SUM(t.ok ? 0 : 1) AS failed, AVG(t.ms) AS avgMs FROM c JOIN t IN c.tools WHERE ${calls} GROUP BY t.name`,
    finish: by('failed', 'down'),
  },
  spend: {
    about: 'What models cost in US dollars, and their requests, by agent and model; of models whose price is set',
    sql: `SELECT s.agent, s.model, SUM(s.requests) AS requests, SUM(s.micros) AS micros FROM c JOIN s IN c.cost WHERE ${calls} GROUP BY s.agent, s.model`,
    finish: rows => by('usd', 'down')(rows.map(({ micros, ...row }) => ({ ...row, usd: Number(micros) / 1_000_000 }))),
  },
  guarded: {
    about: 'How often rules of scenarios took a turn from the model, by scenario',
    sql: `SELECT c.scenario, ${guardSums()} FROM c WHERE ${calls} AND IS_DEFINED(c.guarded) GROUP BY c.scenario`,
    finish: by('scenario'),
  },
  'email-delivery': {
    about: 'What became of the e-mails after calls',
    sql: `SELECT c.email.status AS status, COUNT(1) AS n FROM c WHERE ${calls} AND IS_DEFINED(c.email) GROUP BY c.email.status`,
    finish: by('n', 'down'),
  },
  longest: {
    about: 'The ten longest calls',
    sql: `SELECT c.callId, c.startedAt, c.durationSec FROM c WHERE ${calls} ORDER BY c.durationSec DESC OFFSET 0 LIMIT 10`,
  },
  'email-tool-failed': {
    about: 'Number of calls whose e-mail tool failed',
    sql: `SELECT VALUE COUNT(1) FROM c WHERE ${calls} AND EXISTS(SELECT VALUE t FROM t IN c.tools WHERE t.ok=false AND t.name='send-summary')`,
  },
  'one-call': {
    about: 'One call complete, words included: --param callId=…',
    sql: 'SELECT * FROM c WHERE c.pk=@callId',
    containers: ['calls', 'transcripts'],
    needs: ['callId'],
  },
};

/** The last seven days, today included, as `day` values: from is in, to is out. */
export function lastWeek(now: Date): { from: string; to: string } {
  const day = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  return { from: day(-6), to: day(1) };
}

function guardSums(): string {
  return ['emergency', 'person', 'abuse', 'topic', 'max-turns', 'max-spend']
    .map(rule => `SUM(IS_DEFINED(c.guarded["${rule}"]) ? c.guarded["${rule}"] : 0) AS ${rule.replace('-', '_')}`)
    .join(', ');
}

function buckets(): string {
  return Array.from({ length: histogramBounds.length + 1 }, (_, i) => `SUM(c.lat.resp.b[${i}]) AS b${i}`).join(', ');
}

function latencies(row: Row): Row {
  const counts = Array.from({ length: histogramBounds.length + 1 }, (_, i) => Number(row[`b${i}`] ?? 0));
  const maxMs = Number(row['mx'] ?? 0);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const quick = counts.slice(0, histogramBounds.indexOf(800) + 1).reduce((sum, n) => sum + n, 0);
  return {
    agent: row['agent'],
    n: total,
    p50: percentile(counts, maxMs, 0.5),
    p95: percentile(counts, maxMs, 0.95),
    p99: percentile(counts, maxMs, 0.99),
    max: maxMs,
    ...(total > 0 && { under800: quick / total }),
  };
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '').localeCompare(String(b ?? ''));
}
