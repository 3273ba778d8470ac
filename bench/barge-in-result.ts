import type { HundredInterruptions, HundredPlan, Phase } from './hundred-interruptions.ts';
import type { Interruption } from './interruption-facts.ts';
import type { LateSound } from './late-sound.ts';
import type { NaturalInterruptions } from './natural-interruptions.ts';
import { atLeast, atMost, type BenchPromise, type BenchResult, machine, type Spread, spread } from './result.ts';
import type { FalseStop } from './wordless-voices.ts';

export interface BargeInFindings {
  plan: HundredPlan;
  hundred: HundredInterruptions;
  natural: NaturalInterruptions;
  atOnce: NaturalInterruptions;
  late: readonly LateSound[];
  falseStops: readonly FalseStop[];
}

/** The figures of all parts, and what we promise of each. */
export function bargeInResult(found: BargeInFindings): BenchResult {
  const parts = [hundred(found), natural(found), eager(found), late(found), falseStops(found)];
  return {
    name: 'barge-in',
    machine: machine(),
    metrics: Object.assign({}, ...parts.map(({ metrics }) => metrics)) as BenchResult['metrics'],
    promises: parts.flatMap(({ promises }) => promises),
  };
}

interface Part {
  metrics: BenchResult['metrics'];
  promises: BenchPromise[];
}

/** Of so many a hundredth is a dozen. */
const pooled = 1000;

function hundred({ plan, hundred: { quiet, busy, ...rest } }: BargeInFindings): Part {
  const decision = spread(quiet.decisionToStopMs);
  const burning = spread(busy.decisionToStopMs);
  const floor = spread(quiet.floorMs);
  const leftover = spread(rest.leftoverMs);
  const figures = (name: string, { decisionToStopMs, floorMs, observed }: Phase): BenchResult['metrics'] => ({
    [`${name}: decision to StopAudio, ms`]: spread(decisionToStopMs),
    [`${name}: floor, relay decision to StopAudio, ms`]: spread(floorMs),
    [`${name}: machine, % of a core`]: observed.machine,
    [`${name}: load, % of a core`]: observed.load,
  });
  const calls = `${plan.calls} calls`;
  return {
    metrics: {
      ...figures(calls, quiet),
      ...figures(`${calls} and a tool that burns a core`, busy),
      'tools that burned a core for 2 s': busy.burns,
      'unplayed in ACS at StopAudio, ms': leftover,
    },
    promises: [
      atMost('calls lost', 0, rest.refused, 'calls'),
      atLeast('barge-ins measured', plan.calls < 100 ? 1 : pooled, decision.n, 'barge-ins'),
      atMost('decision to StopAudio p50', 0.6, decision.p50, 'ms'),
      atMost('decision to StopAudio p99', 2.5, decision.p99, 'ms'),
      atMost('decision to StopAudio p50 against the floor', 1.5, ratio(decision, floor, 'p50'), '×'),
      atMost('decision to StopAudio p99 against the floor', 1.5, ratio(decision, floor, 'p99'), '×'),
      atLeast('barge-ins while a tool burned', 1, burning.n, 'barge-ins'),
      atMost('decision to StopAudio p99 while a tool burned', 5, burning.p99, 'ms'),
      atMost('frames after StopAudio', 0, rest.framesAfterStop, 'frames'),
      atMost('unplayed in ACS at StopAudio, most', 200, leftover.max, 'ms'),
    ],
  };
}

const ratio = (measured: Spread, floor: Spread, share: 'p50' | 'p99'): number => measured[share] / floor[share];

const of = (all: readonly Interruption[], key: Exclude<keyof Interruption, 'text'>): number[] =>
  all.flatMap(one => one[key] ?? []);

const onsetFigures = (name: string, all: readonly Interruption[]): BenchResult['metrics'] => ({
  [`${name}: caller onset to voice lowered on the wire, ms`]: spread(of(all, 'loweredOnWireMs')),
  [`${name}: caller onset to voice lowered at the ear, ms`]: spread(of(all, 'loweredAtEarMs')),
  [`${name}: caller onset to StopAudio, ms`]: spread(of(all, 'onsetToStopMs')),
});

function natural({ natural: { all, streamClosedMs, broken } }: BargeInFindings): Part {
  const stop = spread(of(all, 'onsetToStopMs'));
  const lowered = spread(of(all, 'loweredOnWireMs'));
  const heardError = spread(of(all, 'heardErrorWords'));
  const closed = spread(streamClosedMs);
  return {
    metrics: {
      ...onsetFigures('graded', all),
      ...byPhrase(all),
      'graded: heard text error, words': heardError,
      'graded: decision to the end of the model’s stream, ms': closed,
    },
    promises: [
      atMost('graded: calls that broke off', 0, broken.length, 'calls'),
      atMost('graded: interruptions that did not stop the agent', 0, all.length - stop.n, ''),
      atMost('caller onset to voice lowered on the wire p95', 100, lowered.p95, 'ms'),
      atMost('caller onset to StopAudio p50', 280, stop.p50, 'ms'),
      atMost('caller onset to StopAudio p95', 450, stop.p95, 'ms'),
      atMost('heard text error p95', 1, heardError.p95, 'words'),
      atLeast('model streams open at a barge-in', 1, closed.n, 'streams'),
      atMost('barge-in to the end of the model’s stream, most', 100, closed.max, 'ms'),
    ],
  };
}

function byPhrase(all: readonly Interruption[]): BenchResult['metrics'] {
  const groups = Object.entries(Object.groupBy(all, ({ text }) => text));
  return Object.fromEntries(
    groups.map(([text, ones = []]) => [`onset to StopAudio, “${text}”, ms`, spread(of(ones, 'onsetToStopMs'))]),
  );
}

function eager({ atOnce: { all, broken } }: BargeInFindings): Part {
  const stop = spread(of(all, 'onsetToStopMs'));
  return {
    metrics: onsetFigures('eager', all),
    promises: [
      atMost('eager: calls that broke off', 0, broken.length, 'calls'),
      atMost('eager: interruptions that did not stop the agent', 0, all.length - stop.n, ''),
      atMost('eager: caller onset to StopAudio p50', 100, stop.p50, 'ms'),
      atMost('eager: caller onset to StopAudio p95', 160, stop.p95, 'ms'),
    ],
  };
}

function late({ late: rounds }: BargeInFindings): Part {
  return {
    metrics: Object.fromEntries(
      rounds.map(({ firstAudioMs, stops, framesAfterStop }) => [
        `speech that begins after ${firstAudioMs} ms`,
        { stops, framesAfterStop },
      ]),
    ),
    promises: rounds.flatMap(({ firstAudioMs, stops, framesAfterStop }) => [
      atLeast(`stops with speech that begins after ${firstAudioMs} ms`, 1, stops, 'stops'),
      atMost(`frames after StopAudio, speech begins after ${firstAudioMs} ms`, 0, framesAfterStop, 'frames'),
    ]),
  };
}

function falseStops({ falseStops: all }: BargeInFindings): Part {
  const stopped = all.filter(one => one.stopped);
  const back = spread(stopped.flatMap(({ givenBackMs }) => givenBackMs ?? []));
  const most = (counts: readonly (number | undefined)[]) => Math.max(0, ...counts.map(count => count ?? 0));
  return {
    metrics: {
      'voices without words': all.length,
      'voices without words that held the floor': stopped.length,
      'end of the voice to the agent’s, ms': back,
      'words lost to it': spread(stopped.flatMap(({ lost }) => lost ?? [])),
      'words heard twice for it': spread(stopped.flatMap(({ repeated }) => repeated ?? [])),
    },
    promises: [
      atLeast('voices without words that held the floor', 1, stopped.length, ''),
      atMost(
        'sentences not given back',
        0,
        stopped.filter(one => one.givenBackMs === undefined || one.gaveUp).length,
        '',
      ),
      atMost('end of a voice without words to the agent’s, most', 700, back.max, 'ms'),
      atMost('words lost to a false stop, most', 0, most(stopped.map(({ lost }) => lost)), 'words'),
      atMost('words heard twice for a false stop, most', 1, most(stopped.map(({ repeated }) => repeated)), 'words'),
    ],
  };
}
