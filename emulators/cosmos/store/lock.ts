import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One process owns a journal folder: its PID stands in the file `lock`. The lock of a process that is gone is taken
 * over; that of a living one is an error.
 */
const heldHere = new Set<string>();

/** @returns the function that gives the folder back. @throws Error naming the process that holds it. */
export function lockFolder(dir: string, log: (line: string) => void): () => void {
  const path = join(dir, 'lock');
  if (!tryCreate(path)) {
    const holder = Number(readText(path));
    if (isAlive(holder, path)) {
      throw new Error(`${dir} is in use by process ${holder}. Stop it, reach it over HTTP, or choose another folder.`);
    }
    if (!removeStale(path, holder) || !tryCreate(path)) {
      throw new Error(`${dir} was taken by another process just now. Choose another folder.`);
    }
    log(`cosmos: took over ${dir} from process ${holder}, which is gone`);
  }
  heldHere.add(path);
  return () => {
    heldHere.delete(path);
    rmSync(path, { force: true });
  };
}

/** Renaming claims the stale file for one of several starters; whoever got hold of a fresh one puts it back. */
function removeStale(path: string, holder: number): boolean {
  const claimed = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, claimed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const isStale = Number(readText(claimed)) === holder;
  if (isStale) rmSync(claimed);
  else renameSync(claimed, path);
  return isStale;
}

function tryCreate(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Our own PID in a lock we do not hold is that of an earlier process: in a container everything is PID 1. */
function isAlive(pid: number, path: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return heldHere.has(path);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
