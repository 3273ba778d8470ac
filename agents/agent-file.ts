import { z } from 'zod';
import { type AgentDefinition, agentDefinition } from '../contracts/agent.ts';
import { nearest } from '../contracts/nearest.ts';
import { compilePrompt, type Prompt } from './prompt.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** Reads one agent's file and finds everything that is wrong with it at once, each with file, line and column. */
export interface AgentFile {
  /** Present when there is no problem. */
  definition?: AgentDefinition;
  prompt?: Prompt;
  problems: string[];
  /** The tools it names, also where other things are wrong. */
  tools: { name: string; at: string }[];
}

/**
 * @param file as it shall stand in messages
 * @param name what the agent must be called: its file's name
 */
export function readAgentFile(text: string, file: string, name: string): AgentFile {
  const yaml = readYaml(text, file);
  if (yaml.value === undefined) return { problems: yaml.problems, tools: [] };

  const problems = [...yaml.problems];
  const parsed = agentDefinition.safeParse(yaml.value);
  for (const issue of parsed.error?.issues ?? []) problems.push(...told(yaml, issue));

  const raw = asRecord(yaml.value);
  if (typeof raw['name'] === 'string' && raw['name'] !== name && parsed.error === undefined)
    problems.push(`${yaml.at(['name'])}: name is "${raw['name']}" but the file is called ${name}; make them the same.`);
  for (const { path, text } of spokenTexts(raw))
    if (/\{[{%]/.test(text))
      problems.push(`${yaml.at(path)}: ${nameOf(path)} is spoken as it stands; Jinja is for the prompt only.`);

  const compiled = typeof raw['prompt'] === 'string' && raw['prompt'] !== '' ? compilePrompt(raw['prompt']) : undefined;
  if (compiled && 'problems' in compiled) problems.push(...compiled.problems.map(problem => promptTold(yaml, problem)));

  const tools = toolsOf(yaml, raw['tools']);
  const twice = tools.filter(({ name: tool }, at) => tools.findIndex(other => other.name === tool) < at);
  problems.push(...twice.map(tool => `${tool.at}: tool "${tool.name}" is named a second time; keep one.`));

  if (problems.length > 0 || !parsed.success || !compiled || !('prompt' in compiled)) return { problems, tools };
  return { definition: parsed.data, prompt: compiled.prompt, problems, tools };
}

function told(yaml: YamlFile, issue: z.core.$ZodIssue): string[] {
  const path = issue.path;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.map(key => {
      const near = nearest(key, known);
      const remedy = near ? `did you mean ${near}?` : `Known here: ${known.join(', ')}.`;
      return `${yaml.atKey([...path, key])}: "${key}" is no key of ${path.length > 0 ? nameOf(path) : 'an agent'}; ${remedy}`;
    });
  }
  if (path.length > 0 && !yaml.has(path)) return [`${yaml.at(path)}: ${nameOf(path)} is missing.`];
  return [`${yaml.at(path)}: ${path.length > 0 ? nameOf(path) : 'the file'}: ${messageOf(yaml, issue)}.`];
}

/** Of a value that is none of a few words, the word that was meant. */
function messageOf(yaml: YamlFile, issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_value') return issue.message;
  const known = issue.values.map(String);
  const near = nearest(String(valueAt(yaml.value, issue.path)), known);
  return near ? `did you mean ${near}? Known: ${known.join(', ')}` : `write one of ${known.join(', ')}`;
}

/** The texts that are spoken without a model, wherever they stand. */
function spokenTexts(raw: Record<string, unknown>): { path: PropertyKey[]; text: string }[] {
  const places: PropertyKey[][] = [
    ['greeting'],
    ['returnGreeting'],
    ['mustBeHeard'],
    ['silence', 'reprompts'],
    ['silence', 'unheard'],
    ['silence', 'goodbye'],
    ['hold', 'words'],
    ['apology'],
    ['refusal'],
  ];
  return places.flatMap(path => {
    const value = valueAt(raw, path);
    const texts = Array.isArray(value)
      ? value.map((text, at) => ({ path: [...path, at], text }))
      : [{ path, text: value }];
    return texts.filter((found): found is { path: PropertyKey[]; text: string } => typeof found.text === 'string');
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (Array.isArray(inner) ? inner[Number(key)] : asRecord(inner)[String(key)]),
    value,
  );
}

function promptTold(yaml: YamlFile, { message, name }: { message: string; name?: string }): string {
  const word = name?.replace(/[^\w]/g, '\\$&');
  const at =
    word === undefined
      ? yaml.at(['prompt'])
      : yaml.atWord(['prompt'], new RegExp(`(?<=\\{[{%][^}]*)\\b${word}\\b`, 's'));
  return `${at}: prompt ${message}`;
}

function toolsOf(yaml: YamlFile, value: unknown): AgentFile['tools'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((tool, at) =>
    typeof tool === 'string' && /^[a-z][a-z0-9-]*$/.test(tool) ? [{ name: tool, at: yaml.at(['tools', at]) }] : [],
  );
}

/** The keys the schema knows at `path`. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = agentDefinition;
  for (const key of path) schema = schema instanceof z.ZodObject ? bare(schema.shape[String(key)]) : undefined;
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function bare(schema: unknown): unknown {
  const wrapped = schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional;
  return wrapped ? bare(schema.unwrap()) : schema;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
