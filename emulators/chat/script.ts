/**
 * Reads a script: a YAML list of rules. A mistake is told with file, line and column and what to do about it, as a
 * compiler would.
 */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ParsedRule, type Rule, ruleSchema } from './rule.ts';

const scriptSchema = z.array(ruleSchema);

/** Thrown when a script cannot be used; the message has one line per mistake. */
export class ScriptError extends Error {}

/**
 * Parses the YAML text of a script.
 * @param file the name to put into messages
 */
export function parseScript(text: string, file: string): ParsedRule[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new ScriptError(document.errors.map(error => `${at(error.pos[0])}: ${error.message}`).join('\n'));
  }
  const parsed = scriptSchema.safeParse(document.toJS() ?? []);
  if (parsed.success) return parsed.data;
  throw new ScriptError(
    tellable(parsed.error.issues)
      .map(({ path, message }) => `${at(offsetOf(document, path))}: ${nameOf(path)} ${message}`)
      .join('\n'),
  );
}

/** Checks rules written in code, with the same messages but no positions. */
export function parseRules(rules: Rule[]): ParsedRule[] {
  const parsed = scriptSchema.safeParse(rules);
  if (parsed.success) return parsed.data;
  throw new ScriptError(
    tellable(parsed.error.issues)
      .map(({ path, message }) => `${nameOf(path)} ${message}`)
      .join('\n'),
  );
}

type Mistake = { path: PropertyKey[]; message: string };

function tellable(issues: z.core.$ZodIssue[]): Mistake[] {
  return issues.flatMap((issue): Mistake[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = `Known here: ${knownKeys(issue.path).join(', ')}.`;
      return issue.keys.map(key => ({ path: [...issue.path, key], message: `is no key of a script. ${known}` }));
    }
    if (issue.code === 'custom') return [{ path: issue.path, message: issue.message }];
    return [{ path: issue.path, message: `is not usable: ${issue.message}. See the README of the chat stand-in.` }];
  });
}

/** The keys the schema has at a place of the script, for the reader of a typing mistake. */
function knownKeys(path: PropertyKey[]): string[] {
  let schema: unknown = scriptSchema;
  for (const key of path) schema = inside(schema, key);
  const bare = unwrap(schema);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}

function inside(schema: unknown, key: PropertyKey): unknown {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodArray) return bare.element;
  if (bare instanceof z.ZodObject) return bare.shape[String(key)];
  if (bare instanceof z.ZodUnion) return bare.options.map(unwrap).find(option => option instanceof z.ZodObject);
  return undefined;
}

function unwrap(schema: unknown): unknown {
  let bare = schema;
  while (bare instanceof z.ZodOptional || bare instanceof z.ZodDefault) bare = bare.unwrap();
  if (bare instanceof z.ZodUnion) return bare.options.find(option => option instanceof z.ZodObject) ?? bare;
  return bare;
}

/** Where in the text the value at `path` stands, or the nearest thing around it. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const key = path[depth - 1];
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const pairs = (parent as { items?: unknown[] } | undefined)?.items ?? [];
    for (const pair of pairs as { key?: { value?: unknown; range?: number[] } }[]) {
      if (pair?.key?.value === key && pair?.key?.range) return pair.key.range[0]!;
    }
    const node = document.getIn(path.slice(0, depth), true) as { range?: number[] } | undefined;
    if (node?.range) return node.range[0]!;
  }
  return (document.contents as { range?: number[] } | null)?.range?.[0] ?? 0;
}

function nameOf(path: PropertyKey[]): string {
  const [rule, ...rest] = path;
  if (rule === undefined) return 'the script';
  return rest.length > 0 ? `rule ${Number(rule) + 1}: ${rest.map(String).join('.')}` : `rule ${Number(rule) + 1}`;
}
