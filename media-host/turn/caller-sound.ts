import { longestWindowMs } from '../audio/longest-window.ts';
import { released } from './agent-reply.ts';
import {
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  hears,
  type Step,
  stay,
} from './conversation-state.ts';
import { broken, voiced } from './silence.ts';
import { floorMoves } from './taking-floor.ts';

/** The caller's sound, before anybody knows whether words will come of it. */
export function onSound(
  state: Conversation,
  event: Extract<ConversationEvent, { type: 'sound' }>,
  rules: ConversationRules,
): Step {
  const { at, ms, voice } = event;
  const began = state.soundSince === undefined;
  const heard: Conversation = {
    ...state,
    soundSince: state.soundSince ?? at - ms,
    soundUntil: at,
    silence: voice ? voiced(state.silence, at, ms) : broken(state.silence, at),
  };
  if (!state.audible) {
    return stay(began ? hears(heard, { type: 'voice', on: true, at: at - ms }, rules) : heard);
  }
  return event.protected ? stay(heard) : floorMoves(heard, { type: 'sound', at, ms, voice }, rules);
}

export function onQuiet(state: Conversation, at: number, rules: ConversationRules): Step {
  if (state.soundSince === undefined) return stay(state);
  // Nobody tells of sound that merely goes on while the agent is silent: it went on until the window before this one.
  const endedAt = Math.min(at, Math.max(state.soundUntil, at - longestWindowMs));
  // Sound that no words came of, once it is long, should have given some.
  const wordless = Math.max(0, endedAt - Math.max(state.soundSince, state.wordsAt));
  const silence = state.audible ? state.silence : voiced(state.silence, endedAt, wordless);
  const quiet: Conversation = { ...state, silence, soundSince: undefined, soundUntil: endedAt };
  return released(hears(quiet, { type: 'voice', on: false, at: endedAt }, rules), at, rules);
}
