/**
 * What is left of a sound when level, room and line are taken away: how the balance between neighbouring bands changes every
 * 20 ms. Two takes of one recording agree in that; two sentences of one voice do not.
 */
import { BANDS } from './spectrum.ts';

export const FEATURES = BANDS - 1;
/** Step over which changes are taken, in ms. */
export const STEP_MS = 20;
/** Bands this far below the loudest so far (40 dB) say nothing: noise lives there. */
const FLOOR = 1e-4;

export interface Balance {
  /** Log energies of the bands above the floor, for the next step's difference. */
  logBands(bands: Float64Array, into: Float64Array): void;
}

/** Turns band energies into logs over a floor that follows the loudest band so far. */
export function createBalance(): Balance {
  let loudest = 1;
  return {
    logBands(bands, into) {
      for (let band = 0; band < BANDS; band += 1) if (bands[band]! > loudest) loudest = bands[band]!;
      for (let band = 0; band < BANDS; band += 1) into[band] = Math.log10(bands[band]! + loudest * FLOOR);
    },
  };
}

/** The change of balance between two moments, one number per pair of neighbouring bands. */
export function changeOf(before: Float64Array, now: Float64Array, into: Float64Array): void {
  for (let i = 0; i < FEATURES; i += 1) into[i] = now[i]! - now[i + 1]! - (before[i]! - before[i + 1]!);
}
