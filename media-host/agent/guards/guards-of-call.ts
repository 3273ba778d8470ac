import { talkToPerson } from '../../../agents/built-in/talk-to-person.ts';
import type { Scenario } from '../../../agents/loader/scenario.ts';
import type { AgentDefinition } from '../../../contracts/agent.ts';
import { phrasesOf } from '../../../contracts/agent-phrases.ts';
import { type GuardEvent, type GuardState, guard, unguarded, type Verdict } from './guardrails.ts';

/** The scenario's rules as they stand in one call. */
export interface GuardsOfCall {
  /** The caller has said this; a verdict takes the turn from the model. */
  said(turn: number, text: string): Verdict | undefined;
  /** What would be said to these words, which may still change. */
  foresee(turn: number, text: string): Verdict | undefined;
  spent(micros: number): void;
}

/**
 * People can be sought where the scenario has an agent that may ask for one.
 *
 * @param page of the agent that has the caller, as it speaks now
 * @param before as another host left it
 */
export function createGuards(
  { guardrails, agents }: Scenario,
  page: () => AgentDefinition,
  before: GuardState = unguarded,
): GuardsOfCall {
  const people = [...agents.values()].some(({ tools }) => tools.some(({ name }) => name === talkToPerson.name));
  let state = before;
  const judge = (event: GuardEvent) => {
    const { speech } = page();
    return guard(state, event, { guardrails, language: speech.language, phrases: phrasesOf(page()), people });
  };
  return {
    said: (turn, text) => {
      const judged = judge({ type: 'said', turn, text });
      state = judged.state;
      return judged.verdict;
    },
    foresee: (turn, text) => judge({ type: 'said', turn, text }).verdict,
    spent: micros => {
      state = judge({ type: 'spent', micros }).state;
    },
  };
}
