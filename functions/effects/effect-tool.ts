import { join } from 'node:path';
import { builtInTools } from '../../agents/built-in/all.ts';
import { importTool } from '../../agents/loader/tool-files.ts';
import type { Tool } from '../../agents/tool.ts';
import { CallError } from '../../contracts/error.ts';

/**
 * A tool that changes the world, by the name agents call it.
 * @param folder of the agents
 * @returns undefined where there is no such tool, or it changes nothing and is run where it is asked for
 */
export async function effectTool(folder: string, name: string): Promise<Tool | undefined> {
  // The name comes over the wire and becomes a file's name.
  if (!/^[a-z][a-z0-9-]*$/.test(name)) return undefined;
  try {
    const tool = builtInTools.get(name) ?? (await importTool(join(folder, 'tools'), name));
    return tool.effect ? tool : undefined;
  } catch (error) {
    if (error instanceof CallError && error.code === 'TOOL_UNKNOWN') return undefined;
    throw error;
  }
}
