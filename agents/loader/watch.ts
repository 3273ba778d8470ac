import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import { join, relative } from 'node:path';
import { type Agents, loadAgents } from './load.ts';

/**
 * Loads a folder of agents again whenever somebody has edited it, for development. A folder that does not load is told and
 * changes nothing: whoever has the agents keeps them.
 */
export interface Watching {
  close(): void;
}

export interface WatchOptions {
  /** So long after the last of a burst of changes: editors write a file in several steps. @default 100 */
  settleMs?: number;
}

/** @param onChange is told the agents, or what keeps them from loading */
export function watchAgents(
  folder: string,
  onChange: (outcome: Agents | Error) => void,
  { settleMs = 100 }: WatchOptions = {},
): Watching {
  let watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let loading = false;
  let closed = false;

  const changed = () => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(() => void tell(), settleMs).unref();
  };
  const tell = async () => {
    if (loading) return changed();
    loading = true;
    const outcome = await load().catch((error: unknown) => error as Error);
    loading = false;
    if (!closed) onChange(outcome);
  };
  const load = async () => {
    // Before the files are read: what changes from here on is told.
    watchAll();
    return loadAgents(folder, { fresh: true });
  };

  /** Each folder by itself and each time anew: of a tree, and of a folder made again, Linux tells no more changes. */
  const watchAll = () => {
    for (const watcher of watchers) watcher.close();
    watchers = foldersOf(folder).map(path => {
      const watcher = watch(path, { persistent: false }, (_, name) => {
        if (name === null || isPart(relative(folder, join(path, name)))) changed();
      });
      return watcher.on('error', changed);
    });
  };

  watchAll();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Folders that agents are made of; what lies beside them is code or tests. */
const parts = ['scenarios', 'prompts', 'tools'];

function foldersOf(folder: string): string[] {
  const below = (path: string): string[] =>
    existsSync(path)
      ? [
          path,
          ...readdirSync(path, { withFileTypes: true }).flatMap(entry =>
            entry.isDirectory() ? below(join(path, entry.name)) : [],
          ),
        ]
      : [];
  return [...(existsSync(folder) ? [folder] : []), ...parts.flatMap(part => below(join(folder, part)))];
}

/** Whether agents are made of it: a page, a template, a tool, or a folder of them. */
export function isPart(path: string): boolean {
  if (/(^|[/\\])\.|\.test\.ts$/.test(path)) return false;
  const [top = '', ...below] = path.split(/[/\\]/);
  if (below.length === 0) return parts.includes(top) || /\.ya?ml$/.test(top);
  return parts.includes(top) && (/\.(ya?ml|jinja|js|ts)$/.test(path) || !/\.[^/\\]*$/.test(path));
}
