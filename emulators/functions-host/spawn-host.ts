import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/*
 * Starts the host as a process of its own, the only way to run it: a test runner's module graph would bypass the
 * '@azure/functions-core' it supplies, and one process holds one app.
 */

export interface SpawnOptions {
  appDir: string;
  dataDir: string;
  /** @default 0, any free port */
  port?: number;
  keysFile?: string;
  settingsFile?: string;
  /** Settings of the app, on top of this process's environment. */
  env?: Record<string, string>;
  /** Takes each line that host and app log. */
  log?: (line: string) => void;
}

export interface HostKeys {
  host: string;
  master: string;
  system: { durabletask_extension: string; eventgrid_extension: string };
}

export interface SpawnedHost {
  url: string;
  functions: string[];
  keys: HostKeys;
  pid: number;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** Kills it: `await using host = await spawnHost(…)` leaves nothing running. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** @throws with the host's own sentence when it does not start */
export async function spawnHost(options: SpawnOptions): Promise<SpawnedHost> {
  const { appDir, dataDir, port = 0, keysFile, settingsFile, env = {}, log } = options;
  const args = [path.join(import.meta.dirname, 'main.ts'), '--app', appDir, '--data', dataDir, '--port', String(port)];
  if (keysFile) args.push('--keys', keysFile);
  if (settingsFile) args.push('--settings', settingsFile);
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  inherited['NODE_COMPILE_CACHE'] ??= path.join(tmpdir(), 'node-compile-cache');
  const child = spawn(process.execPath, args, { env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', line => {
    if (!line.startsWith('{')) errors.push(line);
    log?.(line);
  });
  const ready = await readyLine(child, exited);
  if (ready === undefined) throw new Error(errors.join('\n') || 'The Functions host ended before it was ready.');
  const { url, functions, keys } = JSON.parse(ready) as Pick<SpawnedHost, 'url' | 'functions' | 'keys'>;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const kill = async (): Promise<void> => {
    await end('SIGKILL');
  };
  return { url, functions, keys, pid: child.pid!, stop: () => end('SIGTERM'), kill, [Symbol.asyncDispose]: kill };
}

async function readyLine(child: ChildProcess, exited: Promise<unknown>): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout! });
  const line = once(lines, 'line').then(([text]) => text as string);
  const ended = exited.then(() => undefined);
  return Promise.race([line, ended]);
}
