import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { textIfThere } from './optional-file.ts';

/**
 * What other commands need to know of a system that runs: its addresses, keys and process ids, in `running.json` of its
 * home folder, readable by its owner alone.
 */
const runningState = z.object({
  pid: z.number().int(),
  startedAt: z.string(),
  functionsHost: z.enum(['func', 'local']),
  urls: z.object({
    functions: z.string(),
    mediaHost: z.string(),
    acs: z.string().optional(),
    speech: z.string().optional(),
    chat: z.string().optional(),
    cosmos: z.string().optional(),
  }),
  keys: z.object({
    host: z.string(),
    callSecret: z.string(),
    control: z.string(),
    speech: z.string().optional(),
    chat: z.string().optional(),
    cosmos: z.string().optional(),
  }),
  database: z.string(),
  /** Numbers of the people whom callers may be handed to. */
  handoffTargets: z.array(z.string()).optional(),
  /** Which scenario answers, and the numbers that lead to others. */
  scenarios: z.object({ scenario: z.string(), numbers: z.string() }).optional(),
  pids: z.record(z.string(), z.number().int()),
});

export type Running = z.infer<typeof runningState>;

/** @default .switchboard in the repository; SWITCHBOARD_HOME names another. */
export function homeFolder(root: string, env: Readonly<Record<string, string | undefined>>): string {
  return path.resolve(root, env['SWITCHBOARD_HOME'] || '.switchboard');
}

/**
 * Takes the first of home, home/2, home/3, … that no living process has: two systems that start in the same moment get
 * two homes.
 */
export async function claimHome(home: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? home : path.join(home, String(n));
    await mkdir(candidate, { recursive: true, mode: 0o700 });
    if (await claim(path.join(candidate, 'starter.pid'))) return candidate;
  }
}

export async function releaseHome(home: string): Promise<void> {
  await rm(path.join(home, 'starter.pid'), { force: true });
}

async function claim(file: string): Promise<boolean> {
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await textIfThere(file);
    // Empty: its owner is about to write.
    if (holder === '' || (holder !== undefined && isAlive(Number(holder)))) return false;
    await rm(file, { force: true });
  }
}

export type RunningState = { kind: 'running'; state: Running } | { kind: 'stale'; pid: number } | { kind: 'none' };

export async function readRunning(home: string): Promise<RunningState> {
  const text = await textIfThere(path.join(home, 'running.json'));
  if (text === undefined) return { kind: 'none' };
  const parsed = runningState.safeParse(JSON.parse(text));
  if (!parsed.success) return { kind: 'none' };
  return isAlive(parsed.data.pid) ? { kind: 'running', state: parsed.data } : { kind: 'stale', pid: parsed.data.pid };
}

/** The system that `call`, `records` and `bench` talk to. @throws Error that says how to start one. */
export async function findRunning(home: string): Promise<Running> {
  const found = await readRunning(home);
  if (found.kind === 'running') return found.state;
  const hint = found.kind === 'stale' ? ` (the last one, process ${found.pid}, ended without tidying up)` : '';
  throw new Error(`No system is running${hint}. Start one with: npm start -- --no-call`);
}

export async function writeRunning(home: string, state: Running): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const file = path.join(home, 'running.json');
  const fresh = `${file}.${process.pid}.tmp`;
  await writeFile(fresh, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}

export async function removeRunning(home: string): Promise<void> {
  await rm(path.join(home, 'running.json'), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
