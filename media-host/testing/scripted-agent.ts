import { z } from 'zod';
import { type Agent, type Agents, agentsOf } from '../../agents/loader/load.ts';
import { scenarioOf } from '../../agents/loader/scenario.ts';
import { defineTool, type Tool } from '../../agents/tool.ts';
import { agentDefinition } from '../../contracts/agent.ts';
import { scenarioDefinition } from '../../contracts/scenario.ts';
import type { Clock } from '../clock.ts';

/** An agent made of a few lines of its page, with tools that take their time on the stage's clock. */
export interface ScriptedTool {
  takesMs: number;
  gives?: unknown;
  holdWords?: readonly string[];
  effect?: boolean;
}

/** Agents that the one at the desk may hand the caller to, by name, and its ways there and back. */
export interface Colleagues {
  pages: Readonly<Record<string, Record<string, unknown>>>;
  handoffs: readonly Record<string, unknown>[];
  /** What the scenario says of them. @default what holds without a scenario */
  guardrails?: Record<string, unknown>;
}

/** The agents of a stage: one, at the desk, and its colleagues. `page` is what its page says beside what every page must. */
export function agentsWith(page: Record<string, unknown>, tools: Tool[], colleagues?: Colleagues): Agents {
  const desk = scripted('desk', { greeting: 'Hello, how can I help?', ...page }, tools);
  if (!colleagues) return agentsOf([desk], [], 'agents');
  const others = Object.entries(colleagues.pages).map(([name, of]) => scripted(name, of, tools));
  const agents = new Map([desk, ...others].map(agent => [agent.definition.name, agent]));
  const definition = scenarioDefinition.parse({
    ...{ name: 'house', description: 'All', start: 'desk' },
    ...{ agents: [...agents.keys()], handoffs: colleagues.handoffs, guardrails: colleagues.guardrails },
  });
  return agentsOf([...agents.values()], [scenarioOf(definition, agents)], 'agents');
}

function scripted(name: string, page: Record<string, unknown>, tools: Tool[]): Agent {
  const greeting = `This is ${name}.`;
  const definition = agentDefinition.parse({ name, description: 'Answers', greeting, prompt: 'x', ...page });
  return { definition, version: `${name}-stage`, tools, instructions: () => `x of ${name}` };
}

export function scriptedTool(
  name: string,
  { takesMs, gives = {}, holdWords, effect = false }: ScriptedTool,
  clock: Clock,
  began: () => void,
): Tool {
  return defineTool({
    name,
    description: name,
    parameters: z.object({}),
    timeoutMs: 20_000,
    effect,
    ...(holdWords && { holdWords }),
    run: (_, { signal }) =>
      new Promise(resolve => {
        began();
        const forget = clock.after(takesMs, () => resolve(gives));
        signal.addEventListener('abort', forget);
      }),
  });
}
