import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * One program of the system: spawned, ready once it says so in a line of its output, stopped in order. Its output goes to
 * a log file, and the last lines of it into the error when it dies too early.
 */
export interface Program {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  logFile: string;
  /** What the line says about readiness, or undefined when it says nothing. @default a JSON object with ready: true */
  readyLine?: (line: string) => Ready | undefined;
  /** @default 30000 */
  readyWithinMs?: number;
  /** Told every line of its output. */
  onOutput?: (line: string) => void;
}

export type Ready = Readonly<Record<string, unknown>>;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Settles when the process is gone and its output read. */
  readonly exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when that did not do within `graceMs`. */
  stop(graceMs?: number): Promise<Exit>;
  lastLines(): string;
}

/** @throws Error with the child's last lines when it ends, or says nothing, before it is ready. */
export async function startChild(program: Program): Promise<Child> {
  const { name, command, args, env, cwd, logFile, readyLine = readyJson, readyWithinMs = 30_000, onOutput } = program;
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  // A group of its own: Ctrl-C reaches the starter alone, which then stops its children in order.
  const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const recent: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    const exited = exitOf(child, log);
    const ready = await new Promise<Ready>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`is not ready after ${readyWithinMs / 1000} s.`)), readyWithinMs);
      const keep = (line: string, mayBeReady: boolean) => {
        log.write(`${line}\n`);
        onOutput?.(line);
        recent.push(line);
        if (recent.length > 20) recent.shift();
        const said = mayBeReady ? readyLine(line) : undefined;
        if (said) resolve(said);
      };
      createInterface({ input: child.stdout }).on('line', line => keep(line, true));
      createInterface({ input: child.stderr }).on('line', line => keep(line, false));
      child.once('error', error => reject(new Error(`cannot be started: ${error.message}`, { cause: error })));
      exited.then(
        exit => reject(new Error(`ended with ${exit.signal ?? `code ${exit.code}`} before it was ready.`)),
        reject,
      );
    });
    return running(name, child, ready, exited, () => recent.join('\n'));
  } catch (error) {
    killGroup(child, 'SIGKILL');
    const said = recent.length > 0 ? `\n${recent.map(line => `  ${readable(line)}`).join('\n')}` : '';
    throw new Error(`${name} ${(error as Error).message}${said}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function running(
  name: string,
  child: ChildProcess,
  ready: Ready,
  exited: Promise<Exit>,
  lastLines: () => string,
): Child {
  return {
    name,
    pid: child.pid!,
    ready,
    exited,
    lastLines,
    kill: signal => {
      killGroup(child, signal);
    },
    stop: async (graceMs = 5000) => {
      killGroup(child, 'SIGTERM');
      const timer = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function exitOf(child: ChildProcess, log: WriteStream): Promise<Exit> {
  return new Promise(resolve => {
    child.once('close', (code, signal) => {
      log.end();
      resolve({ code, signal });
    });
  });
}

/** To the whole group, so that a shell script in front of the program (as `func` has) does not outlive it. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readyJson(line: string): Ready | undefined {
  const value = jsonLine(line);
  return value?.['ready'] === true ? value : undefined;
}

/** What a line of a program's own log says, without the wrapping. */
function readable(line: string): string {
  const value = jsonLine(line) as { err?: { message?: string }; message?: string; msg?: string } | undefined;
  return value?.err?.message ?? value?.message ?? value?.msg ?? line;
}

function jsonLine(line: string): Ready | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Ready;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
