import type { AgentDefinition } from '../../../contracts/agent.ts';
import { type Circuits, createCircuits, type RunEnd } from '../tools/circuit.ts';

/**
 * Which deployment of a model is asked: the agent's own, and the other where that one has just failed or rests because it
 * failed again and again. One for all calls of a process, so that only one caller waits to learn what is known already;
 * time is an argument.
 */
export interface Deployments {
  /** For the first question of a round: `ended` is to be told how it went. */
  first(choice: Choice, at: number): string;
  /** What `first` would say, for a question that nobody may ever hear the answer of. */
  guess(choice: Choice, at: number): string;
  /** After `failed` gave no answer. */
  second(choice: Choice, failed: string): string;
  ended(model: string, how: RunEnd, at: number): void;
}

export interface Choice {
  /** The deployment the agent is meant to have. */
  own: string;
  /** @default none */
  fallback?: string | undefined;
}

/** What the agent's page says, else what `usual` says. */
export const choiceOf = ({ deployment, fallback }: AgentDefinition['model'], usual: Choice): Choice => ({
  own: deployment ?? usual.own,
  fallback: fallback ?? usual.fallback,
});

/** @param circuits @default five failures in a row, then 30 s of rest, then one caller tries */
export function createDeployments(circuits: Circuits = createCircuits()): Deployments {
  const rests = (model: string, at: number) => circuits.admit(model, at) > 0;
  return {
    first: ({ own, fallback = own }, at) => {
      if (fallback === own || !rests(own, at)) return own;
      // Where both rest the agent's own is as good.
      return rests(fallback, at) ? own : fallback;
    },
    guess: ({ own, fallback = own }, at) => {
      if (fallback === own) return own;
      if (rests(own, at)) return fallback;
      // It is no try whether the deployment is well again: a guess may be given up before it ends.
      circuits.ended(own, 'unknown', at);
      return own;
    },
    second: ({ own, fallback = own }, failed) => (failed === own ? fallback : failed),
    ended: circuits.ended,
  };
}
