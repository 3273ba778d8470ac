import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CallError } from '../contracts/error.ts';
import { isTool, type Tool } from './tool.ts';

/**
 * Finds a tool by its file's name: `.js` where the folder has been built, `.ts` in the source.
 * @param folder the folder `tools`
 * @throws CallError TOOL_UNKNOWN where there is no such file, AGENT_FILE_INVALID where the file holds no such tool.
 */
export async function importTool(folder: string, name: string): Promise<Tool> {
  const file = ['js', 'ts'].map(ending => join(folder, `${name}.${ending}`)).find(path => existsSync(path));
  if (file === undefined) {
    const known = (await toolNames(folder)).join(', ') || 'none';
    throw new CallError('TOOL_UNKNOWN', { tool: name, folder, known });
  }
  const refuse = (why: string, cause?: unknown) =>
    new CallError('AGENT_FILE_INVALID', { problems: `${file} ${why}` }, cause === undefined ? {} : { cause });
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw refuse(`cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const [tool, ...others] = new Set(Object.values(module).filter(isTool));
  if (!tool || others.length > 0)
    throw refuse(`must export one tool made by defineTool; it exports ${tool ? others.length + 1 : 'none'}.`);
  if (tool.name !== name) throw refuse(`defines a tool called "${tool.name}"; name it "${name}", as the file.`);
  return tool;
}

async function toolNames(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).flatMap(file => /^([a-z][a-z0-9-]*)\.[jt]s$/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}
