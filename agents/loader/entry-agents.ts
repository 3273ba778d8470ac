import { CallError } from '../../contracts/error.ts';
import { scenarioDefinition } from '../../contracts/scenario.ts';
import { readPage } from './page.ts';
import { agentPages, scenarioPages } from './pages.ts';

/** Who takes the caller first, and who may. */
export interface ScenarioEntry {
  start: string;
  agents: readonly string[];
}

/**
 * The entries of all scenarios by name; an agent alone is one of its own. For a program that starts calls and runs no
 * agent: no prompt is compiled and no tool imported.
 * @throws CallError AGENT_FILE_INVALID where a scenario cannot be read
 */
export async function scenarioEntries(folder: string): Promise<ReadonlyMap<string, ScenarioEntry>> {
  const [agents, scenarios] = await Promise.all([agentPages(folder), scenarioPages(folder)]);
  const read = scenarios.pages.map(({ text, file, name }) => ({
    name,
    ...readPage(text, file, scenarioDefinition, 'a scenario'),
  }));
  const problems = read.flatMap(page => page.problems);
  if (problems.length > 0) throw new CallError('AGENT_FILE_INVALID', { problems: problems.join('\n') });
  return new Map<string, ScenarioEntry>([
    ...agents.pages.map(({ name }) => [name, { start: name, agents: [name] }] as const),
    ...read.flatMap(({ name, parsed }) =>
      parsed ? [[name, { start: parsed.start, agents: parsed.agents }] as const] : [],
    ),
  ]);
}

/** Who takes the caller first, by the name of the scenario. @throws as `scenarioEntries` */
export async function entryAgents(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await scenarioEntries(folder);
  return new Map([...entries].map(([name, { start }]) => [name, start]));
}
