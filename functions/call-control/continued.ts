import type { CallMessage } from '../call-message.ts';
import type { CallStart } from '../call-start.ts';
import type { Left } from '../inbox.ts';
import { seeking } from './handoff.ts';
import { waiting } from './operations.ts';
import { type Control, freshControl } from './state.ts';

/**
 * A long call goes on in a fresh execution, so that its history stays short. The platform drops what has come and was not
 * read: it is handed on with the state, and the new execution begins with it.
 */
export interface ContinuedCall {
  v: 1;
  start: CallStart;
  state: Control;
  /** Messages folded lately, by id. */
  seen: readonly string[];
  unread?: readonly CallMessage[];
}

export type CallInput = CallStart | ContinuedCall;

/** Messages read in one execution before it looks for a calm moment; and before it waits for none. */
const manyMessages = 250;
const tooManyMessages = 600;

/** A moment is calm when nothing has come for this long, ms. */
const quietMs = 1_000;

export const continued = {
  /** When it is time to go on afresh, unless something comes first: epoch milliseconds, infinite where it is not. */
  at(state: Control, taken: number, now: number): number {
    if (taken > tooManyMessages) return now;
    return taken > manyMessages && isCalm(state) ? now + quietMs : Number.POSITIVE_INFINITY;
  },

  input: (start: CallStart, state: Control, left: Left): ContinuedCall => ({ v: 1, start, state, ...left }),
};

/** Nothing is under way. */
const isCalm = (state: Control): boolean =>
  state.life.phase === 'connected' &&
  !state.hangUpBegun &&
  state.held === undefined &&
  state.media.until === undefined &&
  !seeking(state) &&
  waiting(state).length === 0;

/** A state of an older version lacks what was not thought of then, and gets what a call begins with. */
export function inputOf(input: CallInput, now: number): ContinuedCall & { resumed: boolean } {
  if (!('state' in input)) return { v: 1, start: input, state: freshControl(now), seen: [], resumed: false };
  return { ...input, state: { ...freshControl(now), ...input.state }, resumed: true };
}
