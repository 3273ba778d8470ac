/**
 * Runs simulated calls through the end of turn as the conversation does: acts when due, then reconciles what comes
 * late.
 */
import {
  type EndOfTurn,
  type EndOfTurnEvent,
  type EndOfTurnRules,
  endOfTurn,
  nothingSaid,
  reconcile,
  saidSoFar,
  turnEndsAt,
} from '../end-of-turn.ts';
import { type Caller, caller, type Hearing, type Random, seeded, type Told, type Turn, told, turn } from './callers.ts';
import type { Kind } from './sayings.ts';

export interface TurnResult {
  kind: Kind;
  who: Caller;
  text: string;
  /** The words the turn was answered on. */
  took: string;
  /** From the caller's last sound to the turn being taken, ms. */
  delayMs: number;
  /** What was taken while the caller was going to go on. */
  cuts: readonly string[];
  /** The turn was acted on before its last word was known. */
  short: boolean;
  pauses: boolean;
}

export interface CallOptions {
  seed: number;
  calls: number;
  turnsPerCall: number;
  hearing?: Hearing;
  only?: Kind;
  rules?: Partial<EndOfTurnRules>;
}

export function simulate({ seed, calls, turnsPerCall, hearing = {}, only, rules = {} }: CallOptions): TurnResult[] {
  const random = seeded(seed);
  return Array.from({ length: calls }, () => call(random, turnsPerCall, hearing, only, rules)).flat();
}

function call(
  random: Random,
  turns: number,
  hearing: Hearing,
  only: Kind | undefined,
  overrides: Partial<EndOfTurnRules>,
): TurnResult[] {
  const who = caller(random);
  const results: TurnResult[] = [];
  let state = nothingSaid;
  let now = 0;
  for (let i = 0; i < turns; i += 1) {
    const said = turn(random, who, only);
    const { expects, digits } = said.saying;
    const rules: EndOfTurnRules = {
      language: who.language,
      expects,
      ...(digits !== undefined && { digits }),
      sttLagMs: 1000,
      ...overrides,
    };
    // The agent has spoken for 1.5 to 4 s.
    const from = now + 1500 + Math.round(random() * 2500);
    const done = answerTurn(state, told(random, said, from, hearing), rules);
    state = done.state;
    now = from + said.words.at(-1)!.endMs + 3000;
    results.push(judged(said, who, from, done.taken));
  }
  return results;
}

interface Taken {
  at: number;
  text: string;
}

function answerTurn(
  from: EndOfTurn,
  events: readonly Told[],
  rules: EndOfTurnRules,
): { state: EndOfTurn; taken: Taken[] } {
  let state = from;
  const taken: Taken[] = [];
  let acted: { text: string; phrase: number } | undefined;
  let phrase = -1;
  const actUntil = (until: number, now: number): void => {
    const due = turnEndsAt(state, rules);
    if (due === undefined || due > until) return;
    const { text, open } = saidSoFar(state);
    // The time of a decision is when it could be made: not before what it rests on was told.
    const at = Math.max(due, now);
    taken.push({ at, text });
    acted = open === '' ? undefined : { text: open, phrase };
    state = endOfTurn(state, { type: 'taken', at }, rules);
  };
  let now = 0;
  for (const one of events) {
    actUntil(one.toldMs, now);
    now = one.toldMs;
    phrase = one.phrase ?? phrase;
    const event = beyondActed(one, acted, rules);
    if (event) state = endOfTurn(state, event, rules);
    if (event?.type === 'final') acted = undefined;
  }
  actUntil(Number.POSITIVE_INFINITY, now);
  return { state, taken };
}

/** Of words already acted upon only what is more is told. */
function beyondActed(
  { event, phrase }: Told,
  acted: { text: string; phrase: number } | undefined,
  rules: EndOfTurnRules,
): EndOfTurnEvent | undefined {
  if (!acted || phrase !== acted.phrase || (event.type !== 'partial' && event.type !== 'final')) return event;
  const { verdict, more } = reconcile(acted.text, event.text, rules.language);
  if (verdict === 'same') return undefined;
  if (verdict === 'longer') return { ...event, text: more };
  return event.type === 'final' ? event : undefined;
}

function judged({ kind, words, saying }: Turn, who: Caller, from: number, taken: readonly Taken[]): TurnResult {
  const lastSound = from + words.at(-1)!.endMs;
  const cuts = taken.filter(({ at }) => at < from + words.at(-1)!.startMs).map(({ text }) => text);
  const first = taken.find(({ at }) => at >= from + words.at(-1)!.startMs);
  const lastWord = words.findLast(word => !word.filler)!.text.toLowerCase();
  return {
    kind,
    who,
    text: saying.text,
    took: first?.text ?? '',
    delayMs: (first?.at ?? Number.POSITIVE_INFINITY) - lastSound,
    cuts,
    short:
      first !== undefined &&
      !first.text
        .toLowerCase()
        .replace(/[.,?!]+$/, '')
        .endsWith(lastWord),
    pauses: words.some((word, i) => i > 0 && word.startMs - words[i - 1]!.endMs >= 300),
  };
}
