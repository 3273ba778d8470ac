import type { Told } from './judged-recording.ts';
import { rounded, spread } from './result.ts';

/** Scores what a detector told against the moments at which a voice began. */
const armedMs = 1000;
/** An onset is the first 10 ms that stand out; a breath before it is no mistake. */
const breathMs = 60;

export interface Trial {
  verdict: 'told' | 'early' | 'missed';
  ms: number;
}

/** What was told first after the second before the onset, as if the detector had been armed then. */
export function trial(told: readonly Told[], onset: number, counts: (each: Told) => boolean): Trial {
  const first = told.find(each => each.toldMs > onset - armedMs && each.toldMs < onset + 1300 && counts(each));
  if (!first) return { verdict: 'missed', ms: Number.NaN };
  const ms = first.toldMs - onset;
  return ms < -breathMs ? { verdict: 'early', ms } : { verdict: 'told', ms: Math.max(0, ms) };
}

export const delays = (trials: readonly Trial[]) =>
  trials.filter(({ verdict }) => verdict === 'told').map(({ ms }) => ms);
export const percent = (trials: readonly Trial[], verdict: Trial['verdict']) =>
  rounded((100 * trials.filter(each => each.verdict === verdict).length) / trials.length);

export function summary(trials: readonly Trial[]): Record<string, number> {
  const { n, p50, p95, max } = spread(delays(trials));
  return { n, p50, p95, max, 'missed %': percent(trials, 'missed'), 'early %': percent(trials, 'early') };
}

/** Voices that begin after half a second without one. */
export function begins(told: readonly Told[]): number {
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const { heard, toldMs } of told) {
    if (heard !== 'voice') continue;
    if (toldMs - last > 500) count++;
    last = toldMs;
  }
  return count;
}

/** What is left of what was told when it has to stand out from our own voice. */
export const gated = (each: Told): Told => (each.above ? each : { ...each, heard: 'quiet' });
