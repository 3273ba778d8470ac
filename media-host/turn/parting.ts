import {
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  callerBusy,
  type Step,
  stay,
} from './conversation-state.ts';
import { undisputed } from './floor.ts';
import { yields } from './taking-floor.ts';

/**
 * The end of a call that the agent wants: it comes once the goodbye has been heard, unless the caller has something to say
 * before. A cough, an "uh-huh" or a goodbye of theirs is nothing that calls it off.
 */
export interface Parting {
  /** Of the reply that wants it. */
  epoch: number;
  reason: string;
  /** All that was to be said before has been heard. */
  heard: boolean;
}

export function onEnd(
  state: Conversation,
  { epoch, reason, heard }: Extract<ConversationEvent, { type: 'end' }>,
): Step {
  if (epoch !== state.epoch || state.parted || state.seeking) return stay(state);
  return stay({ ...state, parting: { epoch, reason, heard } });
}

/** The agent is saying goodbye in its current reply. */
export const isParting = ({ parting, epoch }: Conversation): boolean => parting?.epoch === epoch;

/** Whatever happened: the goodbye was heard and nobody speaks, so the call ends; or words came over it that want an answer. */
export function parts(state: Conversation, at: number, rules: ConversationRules): Step {
  const { parting, floor, over, turn } = state;
  if (!parting?.heard || !isParting(state) || state.parted) return stay(state);
  if (over.finals.length > 0) return yields(state, 'voice', at, rules);
  if (floor.stance !== 'agent' || over.partial !== '' || callerBusy(state, at, rules)) return stay(state);
  return {
    state: { ...state, phase: 'listening', audible: false, waits: undefined, floor: undisputed, parted: true },
    intents: [{ do: 'end-call', epoch: parting.epoch, turn, reason: parting.reason }],
  };
}

/** When to look again whether the caller has fallen silent. */
export function partsAt(state: Conversation, at: number, rules: ConversationRules): number | undefined {
  if (!state.parting?.heard || !isParting(state) || state.parted) return undefined;
  return Math.max(at + 50, (state.soundSince ?? at) + rules.courtesyMs);
}
