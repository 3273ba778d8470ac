import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type CallEvent, parseCallEvent } from '../../contracts/call-event.ts';
import type { HeardMark } from './resume.ts';

/**
 * What the store has not got yet of the calls that live here, on this host's disk: a process that is killed takes
 * nothing of it along. Facts are written as they happen, by a thread that nobody waits for; who starts again in the same
 * folder, or shares it, finds what the dead have left.
 */
export interface WriteAhead {
  file(callId: string): AheadFile;
  /** Takes what dead processes left: of one call, or of all whose files have not changed for `quietMs`. */
  takeLeft(which: { callId: string } | { quietMs: number }): Promise<readonly Left[]>;
}

export interface AheadFile {
  append(event: CallEvent): void;
  mark(mark: HeardMark): void;
  /** All that was appended is in the store. */
  settled(): void;
  /** It is in the store, or kept elsewhere: nothing is left here. */
  close(): void;
}

export interface Left {
  callId: string;
  events: readonly CallEvent[];
  mark?: HeardMark;
  /** It is in the store now. */
  forget(): Promise<void>;
}

/** `<callId>.<pid>-<run>.live`, or `.left` once somebody sees to it. */
const fileName = /^([0-9a-f]{32})\.(\d+)-([0-9a-z]+)\.(live|left)$/;
const heardMark = z.object({ turn: z.number().int(), heard: z.string() });

/** @param run tells this process from an earlier one of the same number */
export function createWriteAhead(folder: string, run: string): WriteAhead {
  const me = `${process.pid}-${run}`;
  let broken = false;

  const isDead = (pid: number, itsRun: string) => {
    if (pid === process.pid) return itsRun !== run;
    try {
      process.kill(pid, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  };

  const claim = async (name: string, callId: string): Promise<string | undefined> => {
    const mine = join(folder, `${callId}.${me}.left`);
    try {
      await rename(join(folder, name), mine);
      return mine;
    } catch (error) {
      // Somebody else was first.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };

  return {
    file: callId => {
      const path = join(folder, `${callId}.${me}.live`);
      let file: number | undefined;
      let mark = '';
      const open = () => {
        mkdirSync(folder, { recursive: true });
        return openSync(path, 'a', 0o600);
      };
      /** A disk that cannot be written leaves the call as safe as the store makes it. */
      const write = (line: string) => {
        if (broken) return;
        try {
          file ??= open();
          writeSync(file, line);
        } catch (error) {
          broken = true;
          process.emitWarning(`Nothing can be written to ${folder} (${(error as NodeJS.ErrnoException).code}).`);
        }
      };
      return {
        append: event => write(`${JSON.stringify(event)}\n`),
        mark: told => {
          mark = `${JSON.stringify({ mark: told })}\n`;
          write(mark);
        },
        settled: () => {
          if (file === undefined) return;
          ftruncateSync(file, 0);
          if (mark !== '') writeSync(file, mark);
        },
        close: () => {
          if (file === undefined) return;
          closeSync(file);
          rmSync(path, { force: true });
          file = undefined;
        },
      };
    },
    takeLeft: async which => {
      const found: Left[] = [];
      for (const name of await readdir(folder).catch(() => [])) {
        const [, callId = '', pid, itsRun = '', kind] = fileName.exec(name) ?? [];
        if (callId === '' || ('callId' in which && callId !== which.callId)) continue;
        const ours = `${pid}-${itsRun}` === me;
        if (ours ? kind === 'live' : !isDead(Number(pid), itsRun)) continue;
        if ('quietMs' in which && !(await quietFor(join(folder, name), which.quietMs))) continue;
        const path = await claim(name, callId);
        if (path !== undefined)
          found.push({ callId, ...linesIn(await readFile(path, 'utf8')), forget: () => rm(path, { force: true }) });
      }
      return found;
    },
  };
}

async function quietFor(path: string, ms: number): Promise<boolean> {
  const at = await stat(path).catch(() => undefined);
  return at !== undefined && Date.now() - at.mtimeMs >= ms;
}

/** A line that was cut by the death of who wrote it is the last one, and counts as not written. */
function linesIn(text: string): { events: readonly CallEvent[]; mark?: HeardMark } {
  const events: CallEvent[] = [];
  let mark: HeardMark | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const said = readLine(line);
    if (!said) continue;
    if ('mark' in said) mark = said.mark;
    else events.push(said);
  }
  return { events, ...(mark && { mark }) };
}

function readLine(line: string): CallEvent | { mark: HeardMark } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const marked = z.object({ mark: heardMark }).safeParse(value);
    return marked.success ? marked.data : parseCallEvent(value);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
