import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { callbacksSeen } from './call-callbacks.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import type { Tapped } from './http-tap.ts';
import {
  atLeast,
  atMost,
  type Benchmark,
  type BenchPromise,
  type BenchResult,
  machine,
  rounded,
  spread,
} from './result.ts';
import { type Rung, ringEvenly } from './ringing.ts';
import { type Kind, type Measured, webhookLoad } from './webhook-load.ts';

/**
 * What ACS and Event Grid wait for. Callbacks with real bodies and tokens beside the empty function of the same host, in
 * turns; and calls that ring 20 times a second, timed by the handler's own log line and by a tap before the webhook.
 */
export const webhook: Benchmark = {
  about: 'callbacks beside an empty function on the same host, and 20 incoming calls a second',
  run: async (say, { quick }) => {
    const load = quick ? { rounds: 4, calls: 5, each: 20, atOnce: 8 } : { rounds: 12, calls: 10, each: 25, atOnce: 8 };
    const rings = { perSecond: 20, forMs: quick ? 5_000 : 30_000, callMs: 1_000 };
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    const callbacks = callbacksSeen();
    const deliveries: Tapped[] = [];
    const handlerMs: number[] = [];
    let plane: ControlPlane | undefined;
    try {
      plane = await startControlPlane({
        dir,
        tapped: tapped => {
          callbacks.see(tapped);
          if (tapped.headers['aeg-event-type'] === 'Notification') deliveries.push(tapped);
        },
        logged: line => {
          if (line['event'] === 'call.rang') handlerMs.push(Number(line['ms']));
        },
      });
      say(`  ${load.rounds} rounds of ${load.calls * load.each} callbacks of each kind, ${load.atOnce} at once`);
      const measured = await webhookLoad(plane, callbacks, load);
      say(`  ${rings.perSecond} calls a second for ${rings.forMs / 1000} s`);
      handlerMs.length = 0;
      deliveries.length = 0;
      const rung = await ringEvenly(plane, callbacks, rings);
      return report(measured, { ...rung, handlerMs, deliveries });
    } finally {
      await plane?.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

interface Rings extends Rung {
  handlerMs: readonly number[];
  deliveries: readonly Tapped[];
}

function report(measured: Record<Kind, Measured[]>, { rang, answered, handlerMs, deliveries }: Rings): BenchResult {
  const handler = spread(handlerMs);
  const waited = spread(deliveries.map(({ ms }) => ms));
  const kinds = Object.fromEntries(Object.entries(measured).map(([kind, rounds]) => [kind, figures(rounds)])) as Record<
    Kind,
    Figures
  >;
  const promises = (kind: Kind, of: string): BenchPromise[] => [
    atLeast(`throughput of a callback ${of}, against the empty function`, 0.8, kinds[kind].throughputRatio, '×'),
    atMost(`p99 of a callback ${of}, against the empty function`, 2, kinds[kind].p99Ratio, '×'),
    atMost(`a callback ${of} not answered 200`, 0, kinds[kind].refused, 'times'),
  ];
  const noted = 'that is only noted';
  const told = 'that the orchestration is told';
  return {
    name: 'webhook',
    machine: machine(),
    metrics: {
      [`callback ${noted}, ms`]: kinds.noted.webhook,
      'empty function beside it, ms': kinds.noted.empty,
      [`callback ${told}, ms`]: kinds.told.webhook,
      'empty function beside that, ms': kinds.told.empty,
      'requests a second': {
        noted: kinds.noted.perSecond,
        'empty beside noted': kinds.noted.emptyPerSecond,
        told: kinds.told.perSecond,
        'empty beside told': kinds.told.emptyPerSecond,
      },
      'incoming calls': rang,
      'answer handler, ms': handler,
      'Event Grid waited, ms': waited,
    },
    promises: [
      ...promises('noted', noted),
      ...promises('told', told),
      atMost('answer handler, p95', 50, handler.p95, 'ms'),
      atLeast('calls that came up and went down', rang, answered, 'calls'),
      atLeast('calls that the handler timed', rang, handler.n, 'calls'),
      atMost('deliveries not answered 200', 0, deliveries.filter(({ status }) => status !== 200).length, 'times'),
      atMost('longest wait of Event Grid', 1000, waited.max, 'ms'),
    ],
  };
}

interface Figures {
  webhook: ReturnType<typeof spread>;
  empty: ReturnType<typeof spread>;
  /** Medians of the rounds. */
  perSecond: number;
  emptyPerSecond: number;
  throughputRatio: number;
  /** Of all requests of all rounds. */
  p99Ratio: number;
  refused: number;
}

function figures(rounds: readonly Measured[]): Figures {
  const pooled = (which: keyof Measured) => spread(rounds.flatMap(round => round[which].tookMs));
  const perSecond = ({ tookMs, wallMs }: Measured['webhook']) => (tookMs.length * 1000) / wallMs;
  const median = (of: (round: Measured) => number) => rounded(spread(rounds.map(of)).p50);
  const webhookMs = pooled('webhook');
  const emptyMs = pooled('empty');
  const answered = rounds.reduce((sum, round) => sum + (round.webhook.statuses.get(200) ?? 0), 0);
  return {
    webhook: webhookMs,
    empty: emptyMs,
    perSecond: median(round => perSecond(round.webhook)),
    emptyPerSecond: median(round => perSecond(round.empty)),
    throughputRatio: median(round => perSecond(round.webhook) / perSecond(round.empty)),
    p99Ratio: rounded(webhookMs.p99 / emptyMs.p99),
    refused: webhookMs.n - answered,
  };
}
