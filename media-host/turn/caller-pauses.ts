/**
 * What was learnt of this caller's way of pausing, and what it does to the silence a turn must end with. Exponential
 * averages, so a caller who calms down is answered faster again; all effects are bounded, so one odd pause cannot make
 * the agent deaf or rude.
 */
import type { Completeness } from './completeness.ts';

export interface CallerPauses {
  /** Average length of pauses inside turns, ms. */
  pauseMs: number;
  /** Share of turns with a pause inside, 0 to 1. */
  pausing: number;
  /** Added to every silence because the agent cut in too early, ms. */
  patienceMs: number;
  /** Silence this caller leaves between words, ms: who says them one by one is as silent after any of them. */
  wordGapMs: number;
}

/** Of a caller not heard yet. */
export const typicalPauses: CallerPauses = { pauseMs: 600, pausing: 0.2, patienceMs: 0, wordGapMs: 80 };

const LENGTH_WEIGHT = 0.25;
const SHARE_WEIGHT = 0.3;
const PATIENCE_STEP_MS = 100;
const MOST_PATIENCE_MS = 400;
const PATIENCE_KEPT = 0.85;
const GAP_WEIGHT = 0.5;
const GAP_KEPT = 0.9;
/** A shorter gap is articulation, a longer one is no pause inside a turn. */
const SHORTEST_MS = 200;
const LONGEST_MS = 3000;

export const isPause = (ms: number): boolean => ms >= SHORTEST_MS;

/** The caller paused and went on. */
export function paused(caller: CallerPauses, ms: number): CallerPauses {
  if (ms > LONGEST_MS) return caller;
  if (!isPause(ms)) {
    return { ...caller, wordGapMs: Math.max(caller.wordGapMs, Math.round(mean(caller.wordGapMs, ms, GAP_WEIGHT))) };
  }
  return { ...caller, pauseMs: Math.round(mean(caller.pauseMs, ms, LENGTH_WEIGHT)) };
}

/** A turn is over; `withPause` tells whether the caller paused in it. */
export function turned(caller: CallerPauses, withPause: boolean): CallerPauses {
  return {
    ...caller,
    pausing: caller.pausing + SHARE_WEIGHT * ((withPause ? 1 : 0) - caller.pausing),
    patienceMs: Math.floor(caller.patienceMs * PATIENCE_KEPT),
    wordGapMs: Math.floor(caller.wordGapMs * GAP_KEPT),
  };
}

/** The turn that was just taken was not over: the caller goes on after `ms` of silence, where that is known. */
export function cutIn(caller: CallerPauses, ms: number | undefined): CallerPauses {
  const known = ms === undefined ? caller : paused(caller, ms);
  return {
    ...known,
    pausing: caller.pausing + SHARE_WEIGHT * (1 - caller.pausing),
    patienceMs: Math.min(MOST_PATIENCE_MS, caller.patienceMs + PATIENCE_STEP_MS),
  };
}

/** The silence that ends a turn of this caller, ms. */
export function silenceFor(caller: CallerPauses, sounds: Completeness, baseMs: number): number {
  const pace = between(0.85, 1.4, caller.pauseMs / typicalPauses.pauseMs);
  // A caller who often pauses also pauses after words that sound complete.
  const hesitant = between(0, 0.5, caller.pausing - typicalPauses.pausing) * caller.pauseMs;
  const least = sounds === 'complete' || sounds === 'likely' ? 0 : baseMs;
  const wordByWord = caller.wordGapMs - typicalPauses.wordGapMs;
  return Math.round(Math.max(least, baseMs * pace + wordByWord) + hesitant + caller.patienceMs);
}

const mean = (before: number, now: number, weight: number): number => before + weight * (now - before);

function between(least: number, most: number, value: number): number {
  return Math.min(most, Math.max(least, value));
}
