import {
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  callerBusy,
  hears,
  type Step,
  stay,
} from './conversation-state.ts';
import { saidSoFar } from './end-of-turn.ts';
import { undisputed } from './floor.ts';
import { broken } from './silence.ts';

/** The agent's reply, from its first sound to its last: when it may go out, and what it leaves behind. */
export function onReady(
  state: Conversation,
  { epoch, at, filler = false }: Extract<ConversationEvent, { type: 'reply-ready' }>,
  rules: ConversationRules,
): Step {
  if (epoch !== state.epoch || state.phase !== 'thinking') return stay(state);
  if (filler && state.audible) return stay(state);
  return released({ ...state, waits: filler ? 'filler' : 'answer' }, at, rules);
}

/** What waited goes out once the caller is silent; behind words that already sound it follows by itself. */
export function released(state: Conversation, at: number, rules: ConversationRules): Step {
  if (!state.waits || state.floor.stance === 'held') return stay(state);
  if (!state.audible && callerBusy(state, at, rules)) return stay(state);
  const out: Conversation = {
    ...state,
    audible: true,
    waits: undefined,
    floor: state.audible ? state.floor : undisputed,
  };
  const intents = state.audible ? [] : [{ do: 'speak' as const, epoch: state.epoch }];
  if (state.waits === 'filler') return { state: out, intents };
  return {
    state: { ...out, phase: 'speaking', unanswered: [], over: { ...state.over, partial: '' }, aside: undefined },
    intents,
  };
}

export function onPlayed(
  state: Conversation,
  { epoch, at, question = false }: Extract<ConversationEvent, { type: 'reply-played' }>,
  rules: ConversationRules,
): Step {
  if (epoch !== state.epoch || state.phase === 'listening') return stay(state);
  const { over, aside, prompting } = state;
  const spoke = state.audible || state.phase === 'speaking';
  const listens: Conversation = {
    ...state,
    phase: 'listening',
    audible: false,
    waits: undefined,
    floor: undisputed,
    over: { finals: [], partial: '' },
    aside: undefined,
    prompting: undefined,
    silence: spoke ? broken(state.silence, at) : state.silence,
    // A reply of which nothing could be spoken has answered nothing.
    unanswered: state.phase === 'speaking' ? [] : state.unanswered,
  };
  const answers = question && aside && at - aside.at <= rules.asideMs ? [aside.text] : [];
  const heard = [...over.finals, ...answers].reduce(
    (next, text) => hears(next, { type: 'final', text, at }, rules),
    listens,
  );
  const next = over.partial === '' ? heard : hears(heard, { type: 'partial', text: over.partial, at }, rules);
  const speaks =
    next.soundSince === undefined ? next : hears(next, { type: 'voice', on: true, at: next.soundSince }, rules);
  if (prompting !== 'goodbye' || saidSoFar(speaks.caller).text !== '') return stay(speaks);
  return { state: { ...speaks, parted: true }, intents: [{ do: 'hang-up' }] };
}
