import { z } from 'zod';
import type { Agents } from '../../agents/load.ts';
import { defineTool, type Tool } from '../../agents/tool.ts';
import { agentDefinition } from '../../contracts/agent.ts';
import type { Clock } from '../clock.ts';

/** An agent made of a few lines of its page, with tools that take their time on the stage's clock. */
export interface ScriptedTool {
  takesMs: number;
  gives?: unknown;
  holdWords?: readonly string[];
  effect?: boolean;
}

/** The agents of a stage: one, at the desk. `page` is what its page says beside what every page must. */
export function agentsWith(page: Record<string, unknown>, tools: Tool[]): Agents {
  const definition = agentDefinition.parse({
    name: 'desk',
    description: 'Answers',
    greeting: 'Hello, how can I help?',
    prompt: 'x',
    ...page,
  });
  const agent = { definition, version: 'stage', tools, instructions: () => 'x' };
  return { names: ['desk'], get: () => agent };
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
