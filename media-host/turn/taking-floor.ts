import {
  andThen,
  type Conversation,
  type ConversationRules,
  hears,
  type Intent,
  type Step,
  stay,
} from './conversation-state.ts';
import { disputeFloor, type FloorEvent, type FloorMove, undisputed } from './floor.ts';

/** What becomes of the conversation when the floor moves while the agent is audible. */
const deeds = {
  lower: { do: 'lower-voice' },
  raise: { do: 'raise-voice' },
  hold: { do: 'hold-voice' },
  'give-back': { do: 'give-back' },
} as const satisfies Record<Exclude<FloorMove, 'stop'>, Intent>;

export function floorMoves(state: Conversation, event: FloorEvent, rules: ConversationRules): Step {
  const { floor, move } = disputeFloor(state.floor, event, rules.floor);
  const next = { ...state, floor };
  if (move === undefined) return stay(next);
  if (move !== 'stop') return { state: next, intents: [deeds[move]] };
  return yields(next, 'voice', event.at, rules);
}

/** The agent falls silent for good, and what was said over it begins the caller's turn. */
export const yields = (state: Conversation, by: 'voice' | 'dtmf', at: number, rules: ConversationRules): Step =>
  andThen(stop(state, by), stopped => stay(overheard(stopped, at, rules)));

/** Words said over the agent before it stopped belong to the turn that begins. */
function overheard(state: Conversation, at: number, rules: ConversationRules): Conversation {
  const heard = state.over.finals.reduce((next, text) => hears(next, { type: 'final', text, at }, rules), state);
  const speaks =
    state.soundSince === undefined ? heard : hears(heard, { type: 'voice', on: true, at: state.soundSince }, rules);
  return { ...speaks, over: { finals: [], partial: '' }, aside: undefined };
}

function stop(state: Conversation, by: 'voice' | 'dtmf'): Step {
  const epoch = state.epoch + 1;
  return {
    state: {
      ...state,
      phase: 'listening',
      audible: false,
      epoch,
      // While the agent still thought, the caller's sentences are unanswered; once it spoke, they are answered.
      unanswered: state.phase === 'thinking' ? state.unanswered : [],
      cutOff: state.phase === 'thinking',
      waits: undefined,
      floor: undisputed,
      prompting: undefined,
    },
    intents: [{ do: 'stop-speaking', epoch, by }],
  };
}
