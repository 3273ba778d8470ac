import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Child, type Program, startChild } from './child.ts';
import { type Values, withoutSettings } from './settings-file.ts';
import { type Supervised, supervise } from './supervise.ts';

/** The processes of one system: each with its log in the home folder, each started again in its place when it dies. */
export const partNames = {
  standIns: 'stand-ins',
  azurite: 'azurite',
  functions: 'functions',
  mediaHost: 'media host',
} as const;

export type PartName = keyof typeof partNames;

export interface Parts {
  start(name: PartName, program: PartProgram, more?: { restarted?: () => void }): Promise<Child>;
  /** @throws Error when that part does not run here */
  of(name: PartName): Supervised;
  pids(): Record<string, number>;
  /** Told when a part runs under another process id. */
  onChange(listener: () => void): void;
  /** In reverse order of their start. */
  stop(): Promise<void>;
  /** SIGKILL to all. */
  abandon(): void;
}

export type PartProgram = Pick<Program, 'command' | 'args' | 'readyLine' | 'readyWithinMs' | 'onOutput'> & {
  settings?: Values;
};

export interface PartsOptions {
  root: string;
  home: string;
  /** Variables of every program, over its settings. */
  env: Readonly<Record<string, string>>;
  onLine: (line: string) => void;
}

export function createParts({ root, home, env, onLine }: PartsOptions): Parts {
  const running = new Map<PartName, Supervised>();
  let changed: () => void = () => undefined;
  return {
    start: async (part, { settings = {}, ...program }, { restarted } = {}) => {
      const name = partNames[part];
      const logFile = path.join(home, `${name.replaceAll(' ', '-')}.log`);
      await rm(logFile, { force: true });
      const whole: Program = {
        name,
        cwd: root,
        logFile,
        env: { ...withoutSettings(process.env), ...settings, ...env },
        ...program,
      };
      const supervised = await supervise({
        start: () => startChild(whole),
        onDeath: exit => onLine(`! ${name} died (${exit.signal ?? `code ${exit.code}`}); starting it again`),
        onRestart: (child, ms) => {
          onLine(`✓ ${name} runs again after ${ms} ms, process ${child.pid}`);
          restarted?.();
          changed();
        },
        onFailure: error => onLine(`! ${(error as Error).message}`),
      });
      running.set(part, supervised);
      return supervised.current();
    },
    of: name => {
      const part = running.get(name);
      if (!part) throw new Error(`${partNames[name]} does not run here. Running: ${[...running.keys()].join(', ')}.`);
      return part;
    },
    pids: () => Object.fromEntries([...running].map(([name, part]) => [name, part.current().pid])),
    onChange: listener => {
      changed = listener;
    },
    stop: async () => {
      for (const part of [...running.values()].reverse()) await part.stop();
    },
    abandon: () => {
      for (const part of running.values()) part.current().kill('SIGKILL');
    },
  };
}
