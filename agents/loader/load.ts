import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type AgentDefinition, agentDefinition } from '../../contracts/agent.ts';
import { CallError } from '../../contracts/error.ts';
import type { Tool } from '../tool.ts';
import { type AgentFile, readAgentFile } from './agent-file.ts';
import { inherit } from './inherit.ts';
import { agentPages, scenarioPages } from './pages.ts';
import type { PromptContext } from './prompt.ts';
import { readPromptFiles } from './prompt-files.ts';
import { aloneScenario, named, type Scenario, scenarioOf } from './scenario.ts';
import { readScenarioFile, type ScenarioFile } from './scenario-file.ts';
import { type ImportOptions, importTool, toolFileProblems } from './tool-files.ts';

/** Loads the agents and scenarios of a folder: all of them, or none and a message that names every mistake. */
export interface Agent {
  readonly definition: AgentDefinition;
  /** Changes with everything the agent is made of: its page, what it includes, what its scenario says for it. */
  readonly version: string;
  readonly tools: readonly Tool[];
  /** The prompt, rendered. */
  instructions(context: PromptContext): string;
}

export interface Agents {
  readonly names: readonly string[];
  /** @throws CallError AGENT_UNKNOWN */
  get(name: string): Agent;
  /** The scenarios of the folder, and the agents that are one of their own. */
  readonly scenarios: readonly string[];
  /** @throws CallError SCENARIO_UNKNOWN */
  scenario(name: string): Scenario;
}

/**
 * @param folder holds `*.yaml`, `scenarios/*.yaml`, what prompts include in `prompts`, and in `tools` what is not built in
 * @throws CallError AGENT_FILE_INVALID with one line `file:line:column: what and how to mend it` for each mistake.
 */
export async function loadAgents(folder: string, options: ImportOptions = {}): Promise<Agents> {
  const tools = join(folder, 'tools');
  const agentTexts = await agentPages(folder);
  const scenarioTexts = await scenarioPages(folder);
  const promptFiles = await readPromptFiles(join(folder, 'prompts'));

  const agents = agentTexts.pages.map(({ text, file, name }) => readAgentFile(text, file, name, promptFiles));
  const byName = new Map(agents.map(agent => [agent.name, agent]));
  const scenarios = scenarioTexts.pages.map(({ text, file, name }) => readScenarioFile(text, file, name, byName));
  const toolbox = await importTools(tools, agents, options);

  const problems = [
    ...agentTexts.problems,
    ...scenarioTexts.problems,
    ...(await toolFileProblems(tools)),
    ...agents.flatMap(agent => [...agent.problems, ...(toolbox.problems.get(agent) ?? [])]),
    ...scenarios.flatMap(scenario => scenario.problems),
  ];
  if (problems.length > 0) throw invalid(problems);

  const made = agents.map(agent => agentOf(agent, toolbox.tools));
  return agentsOf(
    made,
    scenarios.flatMap(scenario => loadedScenario(scenario, byName, toolbox.tools)),
    folder,
  );
}

/** @param folder as it shall stand in messages */
export function agentsOf(agents: readonly Agent[], scenarios: readonly Scenario[], folder: string): Agents {
  const byName = new Map(agents.map(agent => [agent.definition.name, agent]));
  const alone = agents.map(aloneScenario);
  const byScenario = new Map([...alone, ...scenarios].map(scenario => [scenario.name, scenario]));
  return {
    names: [...byName.keys()],
    scenarios: [...byScenario.keys()],
    scenario: name => named(byScenario, name, folder),
    get(name) {
      const agent = byName.get(name);
      if (!agent) throw new CallError('AGENT_UNKNOWN', { agent: name, folder, known: [...byName.keys()].join(', ') });
      return agent;
    },
  };
}

function loadedScenario(
  { definition, defaults }: ScenarioFile,
  files: ReadonlyMap<string, AgentFile>,
  tools: ReadonlyMap<string, Tool>,
): Scenario[] {
  if (!definition) return [];
  const { variables } = definition;
  const agents = definition.agents.flatMap(name => {
    const file = files.get(name);
    return file ? [[name, agentOf(file, tools, { defaults, variables })] as const] : [];
  });
  return [scenarioOf(definition, new Map(agents))];
}

/** What a scenario says for its agents. */
interface Frame {
  defaults: Readonly<Record<string, unknown>>;
  variables: Readonly<Record<string, string>>;
}

/** @throws z.ZodError where the page had problems */
function agentOf(
  { raw, text, prompt, variables }: AgentFile,
  tools: ReadonlyMap<string, Tool>,
  frame: Frame = { defaults: {}, variables: {} },
): Agent {
  const definition = agentDefinition.parse(inherit(frame.defaults, raw));
  const given = Object.entries(frame.variables).filter(([name]) => variables.includes(name));
  const values = { ...definition.variables, ...Object.fromEntries(given) };
  return {
    definition: { ...definition, variables: values },
    version: versionOf([text, prompt?.source, inherit({}, frame.defaults), given]),
    tools: definition.tools.flatMap(name => tools.get(name) ?? []),
    instructions: context => prompt?.render(context, values) ?? '',
  };
}

const versionOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);

async function importTools(folder: string, agents: readonly AgentFile[], options: ImportOptions) {
  const tools = new Map<string, Tool>();
  const problems = new Map<AgentFile, string[]>();
  for (const agent of agents)
    for (const { name, at } of agent.tools) {
      if (tools.has(name)) continue;
      try {
        tools.set(name, await importTool(folder, name, options));
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        problems.set(agent, [...(problems.get(agent) ?? []), `${at}: ${error.message}`]);
      }
    }
  return { tools, problems };
}

const invalid = (problems: readonly string[]): CallError =>
  new CallError('AGENT_FILE_INVALID', { problems: [...new Set(problems)].join('\n') });
