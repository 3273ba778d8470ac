import {
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  type Step,
  stay,
} from './conversation-state.ts';
import { undisputed } from './floor.ts';
import { worded } from './silence.ts';
import { yields } from './taking-floor.ts';

/**
 * Keys the caller presses. They take the floor at once; what they say comes later, as one answer. Keys that a tool
 * waits for only silence the words that ask for them: what asked goes on waiting.
 */
export function onKey(
  state: Conversation,
  { at, how }: Extract<ConversationEvent, { type: 'dtmf' }>,
  rules: ConversationRules,
): Step {
  const pressed: Conversation = { ...state, silence: worded(state.silence, at), keying: how === 'answer' };
  if (how === 'wanted') {
    if (!state.audible) return stay(pressed);
    return {
      state: { ...pressed, phase: 'thinking', audible: false, waits: undefined, floor: undisputed },
      intents: [{ do: 'skip-words' }],
    };
  }
  return state.phase === 'speaking' ? yields(pressed, 'dtmf', at, rules) : stay(pressed);
}

export function onKeyed(
  state: Conversation,
  { at, text }: Extract<ConversationEvent, { type: 'keyed' }>,
  rules: ConversationRules,
): Step {
  const keyed: Conversation = { ...state, keying: false, keyed: [...state.keyed, text] };
  return state.audible ? yields(keyed, 'dtmf', at, rules) : stay(keyed);
}
