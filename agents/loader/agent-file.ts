import { type AgentDefinition, agentDefinition } from '../../contracts/agent.ts';
import { asRecord, readPage } from './page.ts';
import { compilePrompt, type Prompt } from './prompt.ts';
import type { PromptFiles } from './prompt-files.ts';
import { promptTold } from './prompt-places.ts';
import { jinjaInSpoken, spokenByAgents } from './spoken-text.ts';
import type { YamlFile } from './yaml-file.ts';

/** Reads one agent's file and finds everything that is wrong with it at once, each with file, line and column. */
export interface AgentFile {
  /** What it must be called: its file's name. */
  name: string;
  text: string;
  /** As it stands in the file, before any default. */
  raw: Readonly<Record<string, unknown>>;
  /** Present when there is no problem. */
  definition?: AgentDefinition;
  prompt?: Prompt;
  problems: string[];
  /** The tools it names, also where other things are wrong. */
  tools: { name: string; at: string }[];
  /** The variables it declares, also where other things are wrong. */
  variables: string[];
}

/** @param file as it shall stand in messages */
export function readAgentFile(text: string, file: string, name: string, promptFiles: PromptFiles): AgentFile {
  const page = readPage(text, file, agentDefinition, 'an agent');
  const { yaml, raw, parsed } = page;
  const tools = toolsOf(yaml, raw['tools']);
  const values = variablesOf(raw['variables']);
  const problems = [...page.problems];

  if (parsed && parsed.name !== name)
    problems.push(`${yaml.at(['name'])}: name is "${parsed.name}" but the file is called ${name}; make them the same.`);
  problems.push(...jinjaInSpoken(page, spokenByAgents));

  const source = raw['prompt'];
  const compiled = typeof source === 'string' && source !== '' ? compilePrompt(source, values, promptFiles) : undefined;
  if (compiled && 'problems' in compiled) problems.push(...promptTold(compiled.problems, yaml, promptFiles));

  const twice = tools.filter(({ name: tool }, at) => tools.findIndex(other => other.name === tool) < at);
  problems.push(...twice.map(tool => `${tool.at}: tool "${tool.name}" is named a second time; keep one.`));

  const found = { name, text, raw, problems, tools, variables: Object.keys(values) };
  if (problems.length > 0 || !parsed || !compiled || !('prompt' in compiled)) return found;
  return { ...found, definition: parsed, prompt: compiled.prompt };
}

function toolsOf(yaml: YamlFile, value: unknown): AgentFile['tools'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((tool, at) =>
    typeof tool === 'string' && /^[a-z][a-z0-9-]*$/.test(tool) ? [{ name: tool, at: yaml.at(['tools', at]) }] : [],
  );
}

/** A value that is no text is the schema's to refuse; its name is declared all the same. */
function variablesOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asRecord(value)).map(([name, text]) => [name, String(text)]));
}
