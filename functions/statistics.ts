import { z } from 'zod';
import type { Counters } from './counters.ts';
import { stateOf } from './hosts/host.ts';
import type { HostTable } from './hosts/host-table.ts';
import type { Documents } from './store.ts';

/**
 * How the calls of the last day went, over all processes, and what the hosts carry now. Names are those of the metrics
 * that alerts and dashboards ask for: they stay.
 */
export interface Statistics {
  /** Of the last day, no older than `maxAgeMs`. */
  lastDay(now: number, maxAgeMs: number): Promise<DayStatistics>;
  hosts(now: number): Promise<HostStatistics>;
  /** Of this process, since it began. */
  process(now: number): ProcessStatistics;
}

const count = z.number().int();
/** One digit after the point; absent where there was nothing to count. */
const percent = z.number().optional();

export const dayStatistics = z.object({
  'call.offered': count,
  'call.answered': count,
  /** Answered calls that ended by a failure of ours. */
  'call.dropped': count,
  'call.live': count,
  'call.outbound': count,
  /** Of the inbound calls whose fate is known; those that the policy turned away are not counted at all. */
  'call.answer_rate_percent': percent,
  /** Of all answered calls. */
  'call.drop_rate_percent': percent,
  /** When it was counted. */
  at: z.iso.datetime(),
});
export type DayStatistics = z.infer<typeof dayStatistics>;

export const hostStatistics = z.object({
  'host.fresh': count,
  'host.draining': count,
  'host.silent': count,
  'host.places': count,
  'host.calls': count,
  'host.load_percent': percent,
});
export type HostStatistics = z.infer<typeof hostStatistics>;

export const processStatistics = z.object({
  'process.uptime_seconds': count,
  'process.answered': count,
  'process.rejected': count,
  'process.redirected': count,
  'process.duplicates': count,
  'process.taken_over': count,
});
export type ProcessStatistics = z.infer<typeof processStatistics>;

/** Outcomes of answered calls that count as dropped. */
const dropped: ReadonlySet<string> = new Set(['dropped', 'error']);
const dayMs = 86_400_000;

const sql = `SELECT c.direction, c.state, c.answered, c.outcome, COUNT(1) AS calls FROM c
  WHERE c.type = 'call' AND c.startedAt >= @since
  AND (NOT IS_DEFINED(c.endReason) OR c.endReason != 'rejected-by-policy')
  GROUP BY c.direction, c.state, c.answered, c.outcome`;

const callCount = z.object({
  direction: z.enum(['in', 'out']),
  state: z.enum(['live', 'final']),
  answered: z.boolean(),
  outcome: z.string(),
  calls: count,
});
export type CallCount = z.infer<typeof callCount>;

export function statistics(
  documents: Pick<Documents, 'query'>,
  hosts: Pick<HostTable, 'list'>,
  counters: Counters,
): Statistics {
  let last: { at: number; counted: Promise<DayStatistics> } | undefined;
  const begunAt = Date.now();

  const countDay = async (now: number): Promise<DayStatistics> => {
    const rows = await documents.query(sql, { since: new Date(now - dayMs).toISOString() });
    return ofDay(z.array(callCount).parse(rows), now);
  };

  return {
    lastDay: async (now, maxAgeMs) => {
      if (!last || now - last.at > maxAgeMs) {
        const counting = { at: now, counted: countDay(now) };
        last = counting;
        counting.counted.catch(() => {
          // Whoever waits for it hears of it; the next one counts anew.
          if (last === counting) last = undefined;
        });
      }
      return last.counted;
    },

    hosts: async now => {
      const all = await hosts.list(now);
      const among = (state: string) => all.filter(host => stateOf(host, now) === state).length;
      const carrying = all.filter(host => stateOf(host, now) !== 'silent');
      const places = sum(carrying.map(host => host.places));
      const calls = sum(carrying.map(host => host.calls.length));
      return {
        'host.fresh': among('fresh'),
        'host.draining': among('draining'),
        'host.silent': among('silent'),
        'host.places': places,
        'host.calls': calls,
        ...(places > 0 && { 'host.load_percent': rate(calls, places) }),
      };
    },

    process: now => ({
      'process.uptime_seconds': Math.round((now - begunAt) / 1000),
      'process.answered': counters.answered,
      'process.rejected': counters.rejected,
      'process.redirected': counters.redirected,
      'process.duplicates': counters.duplicates,
      'process.taken_over': counters.takenOver,
    }),
  };
}

export function ofDay(rows: readonly CallCount[], now: number): DayStatistics {
  const calls = (which: (one: CallCount) => boolean) => sum(rows.filter(which).map(one => one.calls));
  const inbound = (one: CallCount) => one.direction === 'in';
  const answered = calls(one => one.answered);
  const lost = calls(one => one.answered && one.state === 'final' && dropped.has(one.outcome));
  const decided = calls(one => inbound(one) && (one.answered || one.state === 'final'));
  return {
    'call.offered': calls(inbound),
    'call.answered': answered,
    'call.dropped': lost,
    'call.live': calls(one => one.state === 'live'),
    'call.outbound': calls(one => !inbound(one)),
    ...(decided > 0 && {
      'call.answer_rate_percent': rate(
        calls(one => inbound(one) && one.answered),
        decided,
      ),
    }),
    ...(answered > 0 && { 'call.drop_rate_percent': rate(lost, answered) }),
    at: new Date(now).toISOString(),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
const rate = (part: number, whole: number): number => Math.round((1000 * part) / whole) / 10;
