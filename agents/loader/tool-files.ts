import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CallError } from '../../contracts/error.ts';
import { builtInTools } from '../built-in/all.ts';
import { isTool, type Tool } from '../tool.ts';
import { meant } from './meant.ts';

/** Where a tool's name leads: to one that is built in, or to a file that carries the name. */
export interface ImportOptions {
  /** Reads files again that have changed since; what they import is not read again. @default false */
  fresh?: boolean;
}

/** The model calls them by names of our own. */
const reserved = ['hand-off'];

/**
 * Finds a tool by its name: built in, or the file so called, `.js` where the folder has been built, `.ts` in the source.
 * @param folder the folder `tools`
 * @throws CallError TOOL_UNKNOWN where there is no such tool, AGENT_FILE_INVALID where the file holds no such tool.
 */
export async function importTool(folder: string, name: string, { fresh = false }: ImportOptions = {}): Promise<Tool> {
  const builtIn = builtInTools.get(name);
  if (builtIn) return builtIn;
  const file = ['js', 'ts'].map(ending => join(folder, `${name}.${ending}`)).find(path => existsSync(path));
  if (file === undefined) {
    const files = (await filesOf(folder)).map(({ tool }) => tool);
    const known = [...new Set([...files, ...builtInTools.keys()])].sort();
    throw new CallError('TOOL_UNKNOWN', { tool: name, folder, meant: meant(name, known) });
  }
  const refuse = (why: string, cause?: unknown) =>
    new CallError('AGENT_FILE_INVALID', { problems: `${file} ${why}` }, cause === undefined ? {} : { cause });
  const url = pathToFileURL(file);
  if (fresh) url.searchParams.set('at', String((await stat(file)).mtimeMs));
  let module: Record<string, unknown>;
  try {
    module = (await import(url.href)) as Record<string, unknown>;
  } catch (cause) {
    throw refuse(`cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const [tool, ...others] = new Set(Object.values(module).filter(isTool));
  if (!tool || others.length > 0)
    throw refuse(`must export one tool made by defineTool; it exports ${tool ? others.length + 1 : 'none'}.`);
  if (tool.name !== name) throw refuse(`defines a tool called "${tool.name}"; name it "${name}", as the file.`);
  return tool;
}

/** Files of `tools/` that no name would lead to, or two would be led to. */
export async function toolFileProblems(folder: string): Promise<string[]> {
  const files = await filesOf(folder);
  return files.flatMap(({ tool, path }, at) => {
    if (builtInTools.has(tool))
      return [`${path}:1:1: "${tool}" is built in; give this file and its tool another name.`];
    if (reserved.includes(tool)) return [`${path}:1:1: "${tool}" is what agents call a handoff; give it another name.`];
    const first = files.findIndex(other => other.tool === tool);
    return first < at ? [`${path}:1:1: tool "${tool}" is also in ${files[first]?.path}; keep one of them.`] : [];
  });
}

async function filesOf(folder: string): Promise<{ tool: string; path: string }[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).sort().flatMap(file => {
    const tool = /^([a-z][a-z0-9-]*)\.[jt]s$/.exec(file)?.[1];
    return tool === undefined ? [] : [{ tool, path: join(folder, file) }];
  });
}
