import { z } from 'zod';
import { nearest } from '../../contracts/nearest.ts';
import { meant } from './meant.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/**
 * A YAML page read by a schema, with everything that is wrong with it told at once: file, line, column, and what was
 * probably meant. Agents, scenarios and their tests are all read here, so that all mistakes sound alike.
 */
export interface Page<T> {
  yaml: YamlFile;
  /** As it stands, for checks that go on where the schema has refused; empty where it is not even YAML. */
  raw: Readonly<Record<string, unknown>>;
  /** Present when the schema takes it. */
  parsed?: T;
  problems: string[];
}

/**
 * @param file as it shall stand in messages
 * @param noun what the page describes, such as "an agent"
 */
export function readPage<S extends z.ZodType>(text: string, file: string, schema: S, noun: string): Page<z.output<S>> {
  const yaml = readYaml(text, file);
  const raw = asRecord(yaml.value);
  if (yaml.value === undefined) return { yaml, raw, problems: yaml.problems };
  const result = schema.safeParse(yaml.value);
  const issues = result.error?.issues.flatMap(closest) ?? [];
  const problems = [...yaml.problems, ...issues.flatMap(issue => told(yaml, schema, noun, issue))];
  return { yaml, raw, ...(result.success && { parsed: result.data }), problems };
}

/** `a.b.0`, as a message names a place. */
export const nameOf = (path: readonly PropertyKey[]): string => path.map(String).join('.');

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (Array.isArray(inner) ? inner[Number(key)] : asRecord(inner)[String(key)]),
    value,
  );
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

type Issue = z.core.$ZodIssue;

/** Of a value that may be one of several things, what keeps it from being the one it resembles most. */
function closest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map(errors =>
    errors.flatMap(closest).map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue),
  );
  const [best] = branches.sort((a, b) => distance(a, issue.path) - distance(b, issue.path));
  return best ?? [issue];
}

/** How far a value is from what a branch asks for; another kind of value is farther than any wrong part. */
function distance(issues: readonly Issue[], path: readonly PropertyKey[]): number {
  const otherKind = issues.some(issue => issue.code === 'invalid_type' && issue.path.length === path.length);
  const parts = issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  return parts + (otherKind ? 1000 : 0);
}

function told(yaml: YamlFile, schema: z.ZodType, noun: string, issue: Issue): string[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map(key => {
      const at = yaml.atKey([...path, key]);
      return `${at}: "${key}" is no key of ${path.length > 0 ? nameOf(path) : noun}${meant(key, known)}`;
    });
  }
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map(({ message }) => message).join('; ');
    return [`${yaml.atKey(path)}: "${String(path.at(-1))}" cannot be a key of ${nameOf(path.slice(0, -1))}: ${why}.`];
  }
  if (path.length > 0 && !yaml.has(path)) return [`${yaml.at(path)}: ${nameOf(path)} is missing.`];
  return [`${yaml.at(path)}: ${path.length > 0 ? nameOf(path) : 'the file'}: ${messageOf(yaml, issue)}.`];
}

/** Of a value that is none of a few words, the word that was meant. */
function messageOf(yaml: YamlFile, issue: Issue): string {
  if (issue.code !== 'invalid_value') return issue.message;
  const known = issue.values.map(String);
  const near = nearest(String(valueAt(yaml.value, issue.path)), known);
  return near ? `did you mean ${near}? Known: ${known.join(', ')}` : `write one of ${known.join(', ')}`;
}

/** The keys the schema knows at `path`. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const bare = bareOf(schema);
  if (bare instanceof z.ZodUnion) return [...new Set(bare.options.flatMap(option => keysAt(option, path)))];
  const [step, ...rest] = path;
  if (step === undefined) return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
  if (bare instanceof z.ZodObject) return keysAt(bare.shape[String(step)], rest);
  if (bare instanceof z.ZodArray) return keysAt(bare.element, rest);
  return [];
}

function bareOf(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodReadonly;
  return wrapped ? bareOf(schema.unwrap()) : schema;
}
