import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CallError } from '../../contracts/error.ts';

/** The YAML pages of a folder: `name.yaml` each, in the order of their names. */
export interface PageText {
  /** The file's name without its ending. */
  name: string;
  /** As it shall stand in messages. */
  file: string;
  text: string;
}

export interface Pages {
  pages: PageText[];
  /** Files that look like pages and would be overlooked. */
  problems: string[];
}

/** @throws CallError AGENT_FILE_INVALID where the folder cannot be read or holds no agent */
export async function agentPages(folder: string): Promise<Pages> {
  const refuse = (why: string, cause?: unknown) =>
    new CallError('AGENT_FILE_INVALID', { problems: `${folder} ${why}` }, { cause });
  let found: Pages;
  try {
    found = await pagesOf(folder);
  } catch (cause) {
    throw refuse('is not a folder that can be read. Check the AGENTS_DIR setting.', cause);
  }
  if (found.pages.length === 0 && found.problems.length === 0)
    throw refuse('holds no agent: add a file such as reception.yaml, or check AGENTS_DIR.');
  return found;
}

/** None where there is no such folder. */
export async function scenarioPages(folder: string): Promise<Pages> {
  try {
    return await pagesOf(join(folder, 'scenarios'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { pages: [], problems: [] };
    throw error;
  }
}

async function pagesOf(folder: string): Promise<Pages> {
  const entries = (await readdir(folder)).filter(entry => !entry.startsWith('.')).sort();
  const misnamed = entries.filter(entry => entry.endsWith('.yml'));
  const pages = entries
    .filter(entry => entry.endsWith('.yaml'))
    .map(async entry => {
      const file = join(folder, entry);
      return { name: entry.slice(0, -'.yaml'.length), file, text: await readFile(file, 'utf8') };
    });
  return {
    pages: await Promise.all(pages),
    problems: misnamed.map(
      entry => `${folder} holds ${entry}: call it ${entry.replace(/yml$/, 'yaml')}, or it is overlooked.`,
    ),
  };
}
