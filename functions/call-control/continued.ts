import type { CallStart } from '../call-start.ts';
import { seeking } from './handoff.ts';
import { waiting } from './operations.ts';
import { type Control, freshControl } from './state.ts';

/**
 * A long call goes on in a fresh execution, so that its history stays short. What the platform has received and we have
 * not read is lost then: it is done in a quiet moment, and the new execution begins by asking the carrier how things stand.
 */
export interface ContinuedCall {
  v: 1;
  start: CallStart;
  state: Control;
  /** Messages folded lately, by id. */
  seen: string[];
}

export type CallInput = CallStart | ContinuedCall;

/** Messages read in one execution before it looks for a quiet moment; and before it no longer waits for a calm one. */
const manyMessages = 250;
const tooManyMessages = 600;

export const continued = {
  /** Nothing may come for this long, ms. */
  quietMs: 1_000,

  /** Whether it is time to look for a quiet moment. */
  due(state: Control, taken: number): boolean {
    if (taken <= manyMessages) return false;
    const inFlight =
      state.life.phase !== 'connected' ||
      state.hangUpBegun ||
      state.held !== undefined ||
      state.media.until !== undefined ||
      seeking(state) ||
      waiting(state).length > 0;
    return !inFlight || taken > tooManyMessages;
  },

  input: (start: CallStart, state: Control, seen: readonly string[]): ContinuedCall => ({
    v: 1,
    start,
    state,
    seen: [...seen],
  }),
};

/** A state of an older version lacks what was not thought of then, and gets what a call begins with. */
export function inputOf(input: CallInput, now: number): ContinuedCall & { resumed: boolean } {
  if (!('state' in input)) return { v: 1, start: input, state: freshControl(now), seen: [], resumed: false };
  return { ...input, state: { ...freshControl(now), ...input.state }, resumed: true };
}
