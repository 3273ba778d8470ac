import type { Operation } from './operations.ts';
import { andThen, type CallRules, type Control, type Step, stay, tellMedia } from './state.ts';

/**
 * Words that the carrier was to play and could not: the agent says them, since nobody who ordered a sentence meant
 * silence. An order that was cancelled, or was never wanted because the call was not up to it, is left as it is.
 */
export function sayUnplayed(state: Control, now: number, rules: CallRules): Step {
  const over = state.operations.filter(({ text, state }) => text !== undefined && state !== 'asked');
  if (over.length === 0) return stay(state);
  const known: Control = { ...state, operations: state.operations.map(withoutText) };
  return over
    .filter(({ state: ended, code = '' }) => ended === 'failed' && !letBe.has(code) && known.media.state === 'on')
    .reduce(
      (step, { text = '' }) => andThen(step, next => tellMedia(next, { do: 'say', text }, now, rules)),
      stay(known),
    );
}

/** The order was never given to the carrier; or, unreported, may have been heard. */
const letBe: ReadonlySet<string> = new Set(['not-connected', 'too-many', 'call-ended', 'unreported']);

function withoutText(operation: Operation): Operation {
  if (operation.state === 'asked') return operation;
  const { text: _text, ...rest } = operation;
  return rest;
}
