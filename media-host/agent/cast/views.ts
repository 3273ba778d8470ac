import { masked } from '../../../contracts/masked.ts';
import type { AgentChange, History, Step } from '../history.ts';
import type { ModelItem } from '../model/model.ts';

/**
 * The history as it goes to the model of the agent that has the caller: its own part of the conversation, and of the
 * others' parts what it was given with the caller. What one agent was not given it cannot give to the next.
 */
export function itemsOf({ turns }: History): ModelItem[] {
  let place = 0;
  let mine: View = new Map();
  const views = new Map<string, View>();
  for (const step of turns.flatMap(({ steps }) => steps)) {
    if (step.type === 'changed') {
      views.set(step.from, mine);
      mine = passed(mine, views.get(step.to), step);
      continue;
    }
    for (const item of itemsOfStep(step)) mine.set(place++, item);
  }
  return [...mine].sort(([a], [b]) => a - b).map(([, item]) => item);
}

/** By the item's place in the call. */
type View = Map<number, ModelItem>;

/** @param own what the agent that comes knew when it left */
function passed(given: View, own: View | undefined, { knowsAll, masked: hidden }: AgentChange): View {
  if (!knowsAll) return new Map();
  const shared = hidden ? [...given].flatMap(([at, item]) => maskedItem(item).map(each => [at, each] as const)) : given;
  return new Map([...shared, ...(own ?? [])]);
}

/** What tools were asked and answered is full of numbers, so nothing of it crosses where numbers do not. */
function maskedItem(item: ModelItem): ModelItem[] {
  if (item.type === 'tool-call' || item.type === 'tool-output') return [];
  return [{ ...item, text: masked(item.text) }];
}

function itemsOfStep(step: Exclude<Step, { type: 'changed' }>): ModelItem[] {
  if (step.type === 'said') return [{ type: 'caller', text: step.text }];
  if (step.type === 'spoke') return [{ type: 'agent', text: step.text }];
  if (step.type !== 'tools') return [{ type: step.type, text: step.text }];
  return [
    ...step.exchanges.map(({ output: _, ...call }): ModelItem => ({ type: 'tool-call', ...call })),
    ...step.exchanges.map(({ callId, output }): ModelItem => ({ type: 'tool-output', callId, output })),
  ];
}
