import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentDefinition } from '../contracts/agent.ts';
import { CallError } from '../contracts/error.ts';
import { type AgentFile, readAgentFile } from './agent-file.ts';
import type { PromptContext } from './prompt.ts';
import type { Tool } from './tool.ts';
import { importTool } from './tool-files.ts';

/** Loads the agents of a folder: all of them, or none and a message that names every mistake. */
export interface Agent {
  readonly definition: AgentDefinition;
  /** Changes with the text of the file. */
  readonly version: string;
  readonly tools: readonly Tool[];
  /** The prompt, rendered. */
  instructions(context: PromptContext): string;
}

export interface Agents {
  readonly names: readonly string[];
  /** @throws CallError AGENT_UNKNOWN */
  get(name: string): Agent;
}

/**
 * @param folder holds `*.yaml`, and the tools they name in `tools`
 * @throws CallError AGENT_FILE_INVALID with one line `file:line:column: what and how to mend it` for each mistake.
 */
export async function loadAgents(folder: string): Promise<Agents> {
  const agents = new Map<string, Agent>();
  const problems: string[] = [];
  for (const entry of await yamlFiles(folder)) {
    const loaded = await loadAgent(folder, entry);
    if ('problems' in loaded) problems.push(...loaded.problems);
    else agents.set(loaded.definition.name, loaded);
  }
  if (problems.length > 0) throw new CallError('AGENT_FILE_INVALID', { problems: problems.join('\n') });

  const names = [...agents.keys()];
  return {
    names,
    get(name) {
      const agent = agents.get(name);
      if (!agent) throw new CallError('AGENT_UNKNOWN', { agent: name, folder, known: names.join(', ') });
      return agent;
    },
  };
}

async function yamlFiles(folder: string): Promise<string[]> {
  const refuse = (why: string, cause?: unknown) =>
    new CallError('AGENT_FILE_INVALID', { problems: `${folder} ${why}` }, { cause });
  let entries: string[];
  try {
    entries = (await readdir(folder)).sort();
  } catch (cause) {
    throw refuse('is not a folder that can be read. Check the AGENTS_DIR setting.', cause);
  }
  const misnamed = entries.find(entry => entry.endsWith('.yml'));
  if (misnamed) throw refuse(`holds ${misnamed}: call it ${misnamed.replace(/yml$/, 'yaml')}, or it is not an agent.`);
  const files = entries.filter(entry => entry.endsWith('.yaml'));
  if (files.length === 0) throw refuse('holds no agent: add a file such as reception.yaml, or check AGENTS_DIR.');
  return files;
}

async function loadAgent(folder: string, entry: string): Promise<Agent | { problems: string[] }> {
  const file = join(folder, entry);
  const text = await readFile(file, 'utf8');
  const { definition, prompt, problems, tools: named } = readAgentFile(text, file, entry.slice(0, -'.yaml'.length));
  const { tools, problems: toolProblems } = await importTools(join(folder, 'tools'), named);
  const all = [...problems, ...toolProblems];
  if (all.length > 0 || !definition || !prompt) return { problems: all };
  return {
    definition,
    version: createHash('sha256').update(text).digest('hex').slice(0, 12),
    tools,
    instructions: context => prompt.render(context),
  };
}

async function importTools(folder: string, named: AgentFile['tools']): Promise<{ tools: Tool[]; problems: string[] }> {
  const tools: Tool[] = [];
  const problems: string[] = [];
  for (const { name, at } of named) {
    try {
      tools.push(await importTool(folder, name));
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      problems.push(`${at}: ${error.message}`);
    }
  }
  return { tools, problems };
}
