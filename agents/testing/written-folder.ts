import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CallError } from '../../contracts/error.ts';
import { loadAgents } from '../loader/load.ts';

/** Folders of agents that a test writes, each somewhere of its own. */
export type Files = Readonly<Record<string, string>>;

export interface WrittenFolders {
  /** A folder with these files, `billing.yaml` where only one is given. */
  folderOf(files: string | Files): Promise<string>;
  /** The lines told about a folder that must not load, with the folder's own path taken off. */
  problemsOf(files: string | Files): Promise<string[]>;
  remove(): Promise<void>;
}

export function writtenFolders(): WrittenFolders {
  const made: string[] = [];
  const folderOf = async (files: string | Files) => {
    const folder = await mkdtemp(join(tmpdir(), 'agents-'));
    made.push(folder);
    for (const [name, text] of Object.entries(typeof files === 'string' ? { 'billing.yaml': files } : files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return folder;
  };
  return {
    folderOf,
    problemsOf: async files => {
      const folder = await folderOf(files);
      const outcome = await loadAgents(folder).catch((refused: unknown) => refused);
      if (!(outcome instanceof CallError) || outcome.code !== 'AGENT_FILE_INVALID')
        throw new Error('the folder was to be refused', { cause: outcome });
      return outcome.message.replaceAll(`${folder}/`, '').split('\n');
    },
    remove: async () => {
      for (const folder of made) await rm(folder, { recursive: true });
    },
  };
}

/** An agent's page with nothing wrong in it. */
export const agentPage = (name: string, more = ''): string => `name: ${name}
description: Knows bills
greeting: Hello.
prompt: Be kind.
${more}`;

/** A tool's file with nothing wrong in it; `answer` is what it says. */
export const toolFile = (name: string, answer: unknown = 1): string => `
import { z } from '${import.meta.resolve('zod')}';
import { defineTool } from '${join(import.meta.dirname, '../tool.ts')}';
export const it = defineTool({ name: '${name}', description: 'x', parameters: z.object({}), run: () => ${JSON.stringify(answer)} });
`;
