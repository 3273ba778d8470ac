import { callersText, isSaid, joined, respelled, sinceThen } from './callers-words.ts';
import { endingAs } from './same-words.ts';

/**
 * The conversation as the model shall know it: all that the caller said, and of the agent only what was heard. While a
 * reply is being made its text stands here unconfirmed; `heard` replaces it, and a reply that was given up leaves none.
 * Pure functions; a history is never changed.
 */
export interface History {
  readonly turns: readonly Turn[];
}

interface Turn {
  readonly turn: number;
  /** In the order things happened. */
  readonly steps: readonly Step[];
  /** What was heard of it is known; its text changes no more. */
  readonly closed: boolean;
}

export type Step =
  /** `unsure`: acted upon before recognition was certain of it. */
  | { readonly type: 'said'; readonly text: string; readonly unsure?: boolean }
  | { readonly type: 'spoke'; readonly text: string }
  | { readonly type: 'tools'; readonly exchanges: readonly ToolExchange[] }
  /** What happened beside what was said. */
  | { readonly type: 'note'; readonly text: string }
  /** From here on another agent speaks. */
  | ({ readonly type: 'changed' } & AgentChange)
  /** What is material for the agent and no words of anybody. */
  | { readonly type: 'data'; readonly text: string };

export interface AgentChange {
  readonly from: string;
  readonly to: string;
  /** Changes of agent so far in the call, this one included. */
  readonly stint: number;
  /** Whether `to` knows what `from` knew of the conversation, and whether numbers and addresses in it are masked. */
  readonly knowsAll: boolean;
  readonly masked: boolean;
}

export type Said = Extract<Step, { type: 'said' }>;

/** A call and its answer: one never stands here without the other, which the service would refuse. */
export interface ToolExchange {
  callId: string;
  name: string;
  arguments: string;
  output: string;
}

export interface HistoryBounds {
  /** @default 50 */
  turns?: number;
  /** @default 40000 */
  characters?: number;
}

export const emptyHistory: History = { turns: [] };

export interface Certainty {
  /** `false`: what the caller says next for the turn may replace these words. @default true */
  final?: boolean | undefined;
}

/** All the caller's words for a turn, as they are known now. The oldest turns beyond the bounds go. */
export function said(
  history: History,
  turn: number,
  text: string,
  { final = true, ...bounds }: HistoryBounds & Certainty = {},
): History {
  const words: Said = { type: 'said', text: text.trim(), ...(!final && { unsure: true }) };
  const last = lastOf(history, turn);
  const latest = last?.closed ? sinceThen(last.steps, words) : words;
  const open = reopened(last?.closed && latest === words ? withoutUnsure(history, turn) : history, turn);
  return bounded(words.text === '' ? open : change(open, turn, steps => joined(steps, latest)), bounds);
}

/**
 * What the caller really said in a turn that was acted upon before recognition was certain: all of it, or its last words
 * where they are the same but for the spelling.
 */
export function corrected(history: History, turn: number, text: string): History {
  const words = text.trim();
  const at = history.turns.findLastIndex(entry => entry.turn === turn && entry.steps.some(isSaid));
  const entry = history.turns[at];
  if (words === '' || !entry) return history;
  const whole = endingAs(callersText(entry.steps), words) ?? words;
  const steps = respelled(entry.steps, { type: 'said', text: whole });
  return { turns: history.turns.with(at, { ...entry, steps }) };
}

/** A sentence the agent is about to speak; nothing where the turn is closed. */
export function spoke(history: History, turn: number, sentence: string): History {
  if (lastOf(history, turn)?.closed) return history;
  return change(history, turn, steps => {
    const last = steps.at(-1);
    return last?.type === 'spoke'
      ? [...steps.slice(0, -1), { type: 'spoke', text: `${last.text} ${sentence}` }]
      : [...steps, { type: 'spoke', text: sentence }];
  });
}

/** A sentence the agent says of its own accord; it opens the turn anew where what was heard of it is known. */
export function spokeUnasked(history: History, turn: number, sentence: string): History {
  return spoke(reopened(history, turn), turn, sentence);
}

/** Something the agent shall know of from here on; what was said before stays before it. */
export function noted({ turns }: History, text: string): History {
  return { turns: [...turns, { turn: noTurn, steps: [{ type: 'note', text }], closed: true }] };
}

const noTurn = -1;

/** Tools that ran side by side. They may come after the turn has closed: an effect outlives its reply. */
export function usedTools(history: History, turn: number, exchanges: readonly ToolExchange[]): History {
  if (exchanges.length === 0) return history;
  return change(history, turn, steps => [...steps, { type: 'tools', exchanges }]);
}

/** Another agent takes the caller within the turn. */
export function changedAgent(history: History, turn: number, agents: AgentChange): History {
  return change(history, turn, steps => [...steps, { type: 'changed', ...agents }]);
}

/** Material for the agent, behind what was said so far in the turn. */
export function gaveData(history: History, turn: number, text: string): History {
  return change(history, turn, steps => [...steps, { type: 'data', text }]);
}

/** The caller's last words. */
export function saidLast({ turns }: History): string {
  const steps = turns.flatMap(entry => entry.steps);
  return steps.findLast(isSaid)?.text ?? '';
}

/** What was heard of one agent's words. */
export interface HeardPart {
  /** Changes of agent before it spoke. */
  stint: number;
  text: string;
}

/** What the ear got of the agent's turn takes the place of what was meant to be spoken; of each agent's where there were several. */
export function heard(history: History, turn: number, what: string | readonly HeardPart[]): History {
  const parts = typeof what === 'string' ? [{ stint: 0, text: what }] : what;
  const confirmed = change(history, turn, steps =>
    stintsOf(steps).flatMap((own, at, all) => {
      const text = parts
        .filter(
          ({ stint }) => (at === 0 || stint >= own.stint) && stint < (all[at + 1]?.stint ?? Number.POSITIVE_INFINITY),
        )
        .map(part => part.text.trim())
        .filter(words => words !== '')
        .join(' ');
      const others = own.steps.filter(step => step.type !== 'spoke');
      return text === '' ? others : [...others, { type: 'spoke' as const, text }];
    }),
  );
  return mapLast(confirmed, turn, entry => ({ ...entry, closed: true }));
}

/** A turn's steps by the agent that had the caller; each begins with the change that brought it. */
function stintsOf(steps: readonly Step[]): { stint: number; steps: Step[] }[] {
  const stints: { stint: number; steps: Step[] }[] = [{ stint: 0, steps: [] }];
  for (const step of steps) {
    if (step.type === 'changed') stints.push({ stint: step.stint, steps: [] });
    stints.at(-1)?.steps.push(step);
  }
  return stints;
}

/** Drops what the agent was to speak in turns nothing was heard of yet; `heard` may still come and put its part back. */
export function forgetUnheard({ turns }: History): History {
  return {
    turns: turns.map(entry =>
      entry.closed ? entry : { ...entry, steps: entry.steps.filter(step => step.type !== 'spoke') },
    ),
  };
}

function lastOf({ turns }: History, turn: number): Turn | undefined {
  return turns.findLast(entry => entry.turn === turn);
}

/** The history with a place for the turn's next words, whatever became of words under the same number. */
function reopened(history: History, turn: number): History {
  const last = lastOf(history, turn);
  return last && !last.closed ? history : { turns: [...history.turns, { turn, steps: [], closed: false }] };
}

/** Words that recognition was never certain of make room for those that came for the same turn. */
function withoutUnsure(history: History, turn: number): History {
  return mapLast(history, turn, entry => ({
    ...entry,
    steps: entry.steps.filter(step => !isSaid(step) || !step.unsure),
  }));
}

function change(history: History, turn: number, steps: (before: readonly Step[]) => readonly Step[]): History {
  const within = lastOf(history, turn) ? history : reopened(history, turn);
  return mapLast(within, turn, entry => ({ ...entry, steps: steps(entry.steps) }));
}

function mapLast({ turns }: History, turn: number, map: (entry: Turn) => Turn): History {
  const at = turns.findLastIndex(entry => entry.turn === turn);
  return { turns: turns.map((entry, index) => (index === at ? map(entry) : entry)) };
}

function bounded({ turns }: History, { turns: most = 50, characters = 40_000 }: HistoryBounds): History {
  let room = characters;
  const kept = turns.slice(-most).toReversed();
  const tooMuch = kept.findIndex((entry, index) => {
    room -= JSON.stringify(entry.steps).length;
    return room < 0 && index > 0;
  });
  return { turns: (tooMuch === -1 ? kept : kept.slice(0, tooMuch)).toReversed() };
}
