import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * The files that prompts include: those of `prompts/`, and nothing that a link finds outside of it. They are read before
 * any prompt is, so that no name in a template ever becomes a path.
 */
export interface PromptFiles {
  /** As it shall stand in messages. */
  readonly folder: string;
  /** By their names inside the folder, with forward slashes. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names whose link leads out of the folder. */
  readonly outside: ReadonlySet<string>;
}

const ending = '.jinja';

export async function readPromptFiles(folder: string): Promise<PromptFiles> {
  const texts = new Map<string, string>();
  const outside = new Set<string>();
  for (const path of await pathsBelow(folder)) {
    const name = relative(folder, path).split(sep).join('/');
    const real = await realpath(path);
    if (!real.startsWith((await realpath(folder)) + sep)) outside.add(name);
    else if ((await stat(real)).isFile()) texts.set(name, (await readFile(real, 'utf8')).replaceAll('\r\n', '\n'));
  }
  return { folder, texts, outside };
}

async function pathsBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter(entry => entry.name.endsWith(ending))
      .map(entry => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
