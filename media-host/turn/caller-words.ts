import { released } from './agent-reply.ts';
import {
  andThen,
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  hears,
  type Step,
  stay,
} from './conversation-state.ts';
import { reconcile } from './end-of-turn.ts';
import { floorMeaning } from './floor-words.ts';
import { onlyFarewell } from './last-words.ts';
import { isParting } from './parting.ts';
import { worded } from './silence.ts';
import { floorMoves } from './taking-floor.ts';

/** The caller's words: to whom they are said (to nobody, over the agent, after an answer was asked for) decides what they do. */
type Words = Extract<ConversationEvent, { type: 'partial' | 'final' }>;

export function onWords(before: Conversation, event: Words, rules: ConversationRules): Step {
  if (event.text.trim() === '') return event.type === 'final' ? voided(before, event.at, rules) : stay(before);
  const state = noticed(before, event.at, rules);
  return event.type === 'partial' ? onPartial(state, event, rules) : onFinal(state, event, rules);
}

/** Words come after they were said: the silence began where the sound that brought them ended. */
const noticed = (state: Conversation, at: number, { turn }: ConversationRules): Conversation => {
  const { soundSince, soundUntil } = state;
  const over = soundSince === undefined && at - soundUntil < 2 * turn.sttLagMs;
  return { ...state, wordsAt: at, silence: worded(state.silence, over ? Math.min(at, soundUntil) : at) };
};

/** Who says goodbye to an agent that does leaves it the floor. */
const meaningOf = (state: Conversation, text: string, { language, words: own }: ConversationRules) =>
  isParting(state) && onlyFarewell(text, language) ? 'backchannel' : floorMeaning(text, language, own);

function onPartial(before: Conversation, { at, ...event }: Words, rules: ConversationRules): Step {
  const known = before.acted && isNewPhrase(before.acted.text, event.text) ? { ...before, acted: undefined } : before;
  const late = known.acted && reconcile(known.acted.text, event.text, rules.language);
  // A hypothesis may still change its mind about words that were answered; their final will tell.
  if (late && late.verdict !== 'longer') return stay(known);
  const { state, text } = late ? reopened(known, event.text, late.more) : { state: known, text: event.text };
  if (!state.audible) return stay(hears(state, { type: 'partial', text, at }, rules));
  const over = { ...state, over: { ...state.over, partial: text } };
  if (event.protected) return stay(over);
  return andThen(floorMoves(over, wordsOver(over, event.unsaid ?? late?.more ?? text, at, rules), rules), next =>
    stay(next.audible ? next : hears(next, { type: 'partial', text, at }, rules)),
  );
}

function onFinal(before: Conversation, { at, ...event }: Words, rules: ConversationRules): Step {
  const late = before.acted && reconcile(before.acted.text, event.text, rules.language);
  if (late?.verdict === 'same') return confirmed(before, event.text);
  const closed: Conversation = { ...before, acted: undefined };
  const { state, text } = late
    ? reopened(closed, event.text, late.verdict === 'longer' ? late.more : event.text)
    : { state: closed, text: event.text };
  if (!state.audible) return stay(hears(state, { type: 'final', text, at }, rules));
  const words = wordsOver(state, event.unsaid ?? text, at, rules);
  const over = { finals: state.over.finals, partial: '' };
  const moved = event.protected ? stay(state) : floorMoves(state, words, rules);
  return andThen({ ...moved, state: { ...moved.state, over } }, next => {
    if (!next.audible) return stay(hears(next, { type: 'final', text, at }, rules));
    if (words.meaning === 'backchannel' && !event.protected) {
      return { state: { ...next, aside: { text, at } }, intents: [{ do: 'note-aside', turn: next.turn, text }] };
    }
    return stay({ ...next, over: { finals: [...over.finals, text], partial: '' } });
  });
}

/** Not even the first word is that of the phrase that was answered: its final was lost. */
function isNewPhrase(acted: string, text: string): boolean {
  const first = (words: string) => /[\p{L}\p{N}]+/u.exec(words.toLowerCase())?.[0];
  return first(acted) !== first(text);
}

const wordsOver = (state: Conversation, text: string, at: number, rules: ConversationRules) => ({
  type: 'words' as const,
  at,
  meaning: meaningOf(state, text, rules),
  count: text.trim().split(/\s+/).length,
});

/**
 * The caller had not finished when the answer was asked for. Nothing of it was heard yet: the whole phrase is taken again,
 * in the same turn. It sounds already: only `more` is new, until the phrase is over.
 */
function reopened(state: Conversation, text: string, more: string): { state: Conversation; text: string } {
  if (state.phase !== 'thinking' || state.unanswered.length === 0) return { state, text: more };
  const unanswered = state.unanswered.slice(0, -1);
  const turn = unanswered.length === 0 ? state.turn - 1 : state.turn;
  return { state: { ...state, acted: undefined, unanswered, turn }, text };
}

/** Recognition has closed the words that were answered, in its own spelling. */
function confirmed(state: Conversation, text: string): Step {
  const asked = [...state.asked.slice(0, -1), text];
  const unanswered = state.unanswered.length > 0 ? [...state.unanswered.slice(0, -1), text] : [];
  return {
    state: { ...state, acted: undefined, asked, unanswered },
    intents: [{ do: 'correct', turn: state.turn, said: asked.join(' ') }],
  };
}

/** What was partial turned out to be no speech: a reply that waited for it may go. */
export function voided(state: Conversation, at: number, rules: ConversationRules): Step {
  const closed: Conversation = { ...state, acted: undefined, over: { ...state.over, partial: '' } };
  const heard = hears(closed, { type: 'no-match', at }, rules);
  const moved = state.audible ? floorMoves(heard, { type: 'no-match', at }, rules) : stay(heard);
  return andThen(moved, next => released(next, at, rules));
}
