import type { ModelItem } from './model.ts';

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

type Step =
  | { readonly type: 'said'; readonly text: string }
  | { readonly type: 'spoke'; readonly text: string }
  | { readonly type: 'tools'; readonly exchanges: readonly ToolExchange[] };

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

/**
 * The caller's words for a turn. Asked again with more words, the turn keeps its first words where they are, so that a
 * tool that already ran for them still stands after them. The oldest turns beyond the bounds go.
 */
export function said(history: History, turn: number, text: string, bounds: HistoryBounds = {}): History {
  const words = text.trim();
  return bounded(
    change(reopened(history, turn), turn, steps => {
      const before = steps.flatMap(step => (step.type === 'said' ? [step.text] : [])).join(' ');
      const more = (`${words} `.startsWith(`${before} `) ? words.slice(before.length) : words).trim();
      if (more === '') return steps;
      const last = steps.at(-1);
      return last?.type === 'said'
        ? [...steps.slice(0, -1), { type: 'said', text: `${last.text} ${more}` }]
        : [...steps, { type: 'said', text: more }];
    }),
    bounds,
  );
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

/** Tools that ran side by side. They may come after the turn has closed: an effect outlives its reply. */
export function usedTools(history: History, turn: number, exchanges: readonly ToolExchange[]): History {
  if (exchanges.length === 0) return history;
  return change(history, turn, steps => [...steps, { type: 'tools', exchanges }]);
}

/** What the ear got of the agent's turn takes the place of what was meant to be spoken. */
export function heard(history: History, turn: number, text: string): History {
  const confirmed = change(history, turn, steps => {
    const others = steps.filter(step => step.type !== 'spoke');
    return text.trim() === '' ? others : [...others, { type: 'spoke', text: text.trim() }];
  });
  return mapLast(confirmed, turn, entry => ({ ...entry, closed: true }));
}

/** Drops what the agent was to speak in turns nothing was heard of yet; `heard` may still come and put its part back. */
export function forgetUnheard({ turns }: History): History {
  return {
    turns: turns.map(entry =>
      entry.closed ? entry : { ...entry, steps: entry.steps.filter(step => step.type !== 'spoke') },
    ),
  };
}

/** The history as it goes to the model. */
export function itemsOf({ turns }: History): ModelItem[] {
  return turns.flatMap(({ steps }) => steps.flatMap(itemsOfStep));
}

function itemsOfStep(step: Step): ModelItem[] {
  if (step.type === 'said') return [{ type: 'caller', text: step.text }];
  if (step.type === 'spoke') return [{ type: 'agent', text: step.text }];
  return [
    ...step.exchanges.map(({ output: _, ...call }): ModelItem => ({ type: 'tool-call', ...call })),
    ...step.exchanges.map(({ callId, output }): ModelItem => ({ type: 'tool-output', callId, output })),
  ];
}

function lastOf({ turns }: History, turn: number): Turn | undefined {
  return turns.findLast(entry => entry.turn === turn);
}

/** The history with a place for the turn's next words, whatever became of words under the same number. */
function reopened(history: History, turn: number): History {
  const last = lastOf(history, turn);
  return last && !last.closed ? history : { turns: [...history.turns, { turn, steps: [], closed: false }] };
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
