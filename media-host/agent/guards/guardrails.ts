import type { AgentPhrases } from '../../../contracts/agent-phrases.ts';
import type { CallEvent } from '../../../contracts/call-event.ts';
import type { Guardrails, guardActions } from '../../../contracts/scenario.ts';
import { asksForPerson } from './asks-for-person.ts';
import { insults, mentions, tellsOfDanger } from './guarded-words.ts';

/**
 * The rules of a scenario that hold whatever a model says: they see the caller's words before any model does, and a turn
 * that one of them takes is answered with fixed words. A fold: of what the caller says they read nothing but whether it is
 * one of the things they know, so no wording changes a rule.
 */
export interface GuardState {
  /** Turns of the caller so far, and the last of them. */
  readonly turns: number;
  readonly turn: number;
  /** Millionths of a US dollar. */
  readonly micros: number;
  /** Turns in which the caller insulted, and the last of them. */
  readonly insults: number;
  readonly insulted: number;
  /** The turn in which a person was sought because a limit was reached. */
  readonly sought?: number;
}

export type GuardEvent =
  /** All the caller's words of a turn, as they are known now; told again where more are known. */
  { type: 'said'; turn: number; text: string } | { type: 'spent'; micros: number };

export interface GuardRules {
  guardrails: Guardrails;
  /** The locale that is spoken. */
  language: string;
  phrases: Pick<AgentPhrases, 'guard' | 'farewell'>;
  /** People can be sought for the caller. */
  people: boolean;
}

export interface Verdict {
  rule: Extract<CallEvent, { type: 'guarded' }>['rule'];
  /** Of the topic. */
  name?: string;
  next: Next;
  /** What is said to the caller. */
  says: string;
  /** What a person who is sought is told. */
  reason: string;
  /** Danger: the caller's voice does not cut what is said. */
  mustBeHeard: boolean;
}

type Next = (typeof guardActions)[number];

export const unguarded: GuardState = { turns: 0, turn: -1, micros: 0, insults: 0, insulted: -1 };

export function guard(
  before: GuardState,
  event: GuardEvent,
  rules: GuardRules,
): { state: GuardState; verdict?: Verdict } {
  if (event.type === 'spent') return { state: { ...before, micros: before.micros + event.micros } };
  const state = counted(before, event.turn);
  return (
    danger(state, event, rules) ??
    person(state, event, rules) ??
    abuse(state, event, rules) ??
    topic(state, event, rules) ??
    limit(state, event, rules) ?? { state }
  );
}

type Said = Extract<GuardEvent, { type: 'said' }>;
type Judged = { state: GuardState; verdict: Verdict } | undefined;

/** A turn that is told again counts once. */
const counted = (state: GuardState, turn: number): GuardState =>
  turn > state.turn ? { ...state, turns: state.turns + 1, turn } : state;

function danger(state: GuardState, { text }: Said, { guardrails, language, phrases, people }: GuardRules): Judged {
  const { emergency } = guardrails;
  if (!emergency || !tellsOfDanger(text, emergency.words, language)) return undefined;
  const next = possible(emergency.next, people, 'say');
  const says = emergency.says ?? phrases.guard.emergency;
  const reason = phrases.guard.reasons.emergency;
  return { state, verdict: { rule: 'emergency', next, says, reason, mustBeHeard: true } };
}

function person(state: GuardState, { text }: Said, { guardrails, language, phrases, people }: GuardRules): Judged {
  if (!people || !guardrails.personWords || !asksForPerson(text, language)) return undefined;
  const { person: says, reasons } = phrases.guard;
  return { state, verdict: { rule: 'person', next: 'person', says, reason: reasons.person, mustBeHeard: false } };
}

function abuse(before: GuardState, { turn, text }: Said, rules: GuardRules): Judged {
  const { guardrails, language, phrases, people } = rules;
  const rule = guardrails.abuse;
  if (!rule || !insults(text, rule.words, language)) return undefined;
  const state = before.insulted === turn ? before : { ...before, insults: before.insults + 1, insulted: turn };
  const { abuseWarning, abuseEnd, person: seeks, reasons } = phrases.guard;
  const told = { rule: 'abuse', reason: reasons.abuse, mustBeHeard: false } as const;
  if (state.insults <= rule.warnings)
    return { state, verdict: { ...told, next: 'say', says: rule.warning ?? abuseWarning } };
  const next = possible(rule.next, people, 'end');
  const own = { say: rule.warning ?? abuseWarning, person: seeks, end: abuseEnd }[next];
  return { state, verdict: { ...told, next, says: rule.says ?? own } };
}

function topic(state: GuardState, { text }: Said, { guardrails, language, phrases, people }: GuardRules): Judged {
  const found = guardrails.topics.find(({ words }) => mentions(text, words, language));
  if (!found) return undefined;
  const { name, says } = found;
  const next = possible(found.next, people, 'say');
  const { reasons } = phrases.guard;
  return { state, verdict: { rule: 'topic', name, next, says, reason: reasons.topic, mustBeHeard: false } };
}

/** A person takes over, and where nobody did or can the call ends. */
function limit(state: GuardState, { turn }: Said, { guardrails, phrases, people }: GuardRules): Judged {
  const { maxTurns, maxSpend } = guardrails;
  const dear = maxSpend !== undefined && state.micros >= maxSpend * 1_000_000;
  if (state.turns <= maxTurns && !dear) return undefined;
  const rule = state.turns > maxTurns ? 'max-turns' : 'max-spend';
  const { tooLong, tooDear, person: seeks, reasons } = phrases.guard;
  const mayAsk = people && (state.sought === undefined || state.sought === turn);
  const says = `${rule === 'max-turns' ? tooLong : tooDear} ${mayAsk ? seeks : phrases.farewell}`;
  const verdict: Verdict = { rule, next: mayAsk ? 'person' : 'end', says, reason: reasons.limit, mustBeHeard: false };
  return { state: mayAsk ? { ...state, sought: turn } : state, verdict };
}

const possible = (next: Next, people: boolean, otherwise: Next): Next =>
  next === 'person' && !people ? otherwise : next;

/** Where the rules stood when a host was lost. */
export const guardedSoFar = (journal: readonly CallEvent[]): GuardState => journal.reduce(follow, unguarded);

function follow(state: GuardState, event: CallEvent): GuardState {
  if (event.type === 'caller-spoke') return counted(state, event.turn);
  if (event.type === 'model-ran') return { ...state, micros: state.micros + (event.costMicros ?? 0) };
  if (event.type !== 'guarded') return state;
  const { rule, turn, next } = event;
  if (rule === 'abuse' && state.insulted !== turn) return { ...state, insults: state.insults + 1, insulted: turn };
  const limited = rule === 'max-turns' || rule === 'max-spend';
  return limited && next === 'person' ? { ...state, sought: turn } : state;
}
