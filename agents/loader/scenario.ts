import { CallError } from '../../contracts/error.ts';
import {
  type Guardrails,
  guardrails as guardrailsOf,
  type HandoffEdge,
  type ScenarioDefinition,
} from '../../contracts/scenario.ts';
import type { Agent } from './load.ts';

/**
 * Agents that take part in a call together: who takes the caller first, who may hand over to whom, and what holds for all.
 * An agent that no scenario names is a scenario of its own, under its own name.
 */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** The agent that takes the caller first. */
  readonly start: string;
  readonly guardrails: Guardrails;
  /** With what the scenario says for all of them. In the order of its file. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** Whom this agent may hand the caller to. */
  handoffsFrom(agent: string): readonly HandoffEdge[];
}

export function scenarioOf(definition: ScenarioDefinition, agents: ReadonlyMap<string, Agent>): Scenario {
  const { name, description, start, guardrails, handoffs } = definition;
  return {
    name,
    description,
    start,
    guardrails,
    agents,
    handoffsFrom: from => handoffs.filter(edge => edge.from === from),
  };
}

export function aloneScenario(agent: Agent): Scenario {
  const { name, description } = agent.definition;
  return {
    name,
    description,
    start: name,
    guardrails: guardrailsOf.parse({}),
    agents: new Map([[name, agent]]),
    handoffsFrom: () => [],
  };
}

/** @throws CallError SCENARIO_UNKNOWN */
export function named(scenarios: ReadonlyMap<string, Scenario>, name: string, folder: string): Scenario {
  const scenario = scenarios.get(name);
  if (!scenario)
    throw new CallError('SCENARIO_UNKNOWN', { scenario: name, folder, known: [...scenarios.keys()].join(', ') });
  return scenario;
}
