import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { Program, Ready } from './child.ts';

/**
 * Which host runs the functions: Azure's own (`func`, with Azurite for the durable state) where it is installed, else
 * the one among the stand-ins, which needs neither.
 */
export type FunctionsHostName = 'func' | 'local';

export interface FunctionsHostChoice {
  host: FunctionsHostName;
  /** Path of `func` and, unless a storage account is given or one listens already, of `azurite`. */
  func?: string;
  azurite?: string;
  /** Why it is not what one might expect. */
  note?: string;
}

const installFunc = 'npm install -g azure-functions-core-tools@4';
const installAzurite = 'npm install -g azurite';

export interface Wishes {
  /** FUNCTIONS_HOST. */
  wish: string | undefined;
  /** PATH. */
  searchPath: string;
  /** AzureWebJobsStorage. */
  storage: string | undefined;
  /** Where an Azurite that runs already would listen. @default 10000 */
  azuritePort?: number;
}

/** @throws Error that says what to install when `func` is wished for and cannot run */
export async function chooseFunctionsHost(wishes: Wishes): Promise<FunctionsHostChoice> {
  const { wish, searchPath, storage, azuritePort = 10_000 } = wishes;
  if (wish && wish !== 'func' && wish !== 'local')
    throw new Error(`FUNCTIONS_HOST is "${wish}"; write func or local, or leave it out.`);
  if (wish === 'local') return { host: 'local' };
  const func = findProgram('func', searchPath);
  if (!func) {
    if (wish !== 'func') return { host: 'local' };
    throw new Error(`FUNCTIONS_HOST=func, but func is not installed. Install it: ${installFunc}`);
  }
  const ownStorage = storage !== undefined && storage !== 'UseDevelopmentStorage=true';
  if (ownStorage || (await answers(azuritePort))) return { host: 'func', func };
  const azurite = findProgram('azurite', searchPath);
  if (azurite) return { host: 'func', func, azurite };
  const missing = 'Azurite, which keeps the state of durable functions for func, is not installed';
  if (wish !== 'func') return { host: 'local', note: `${missing}; the stand-in runs the functions instead` };
  throw new Error(`${missing}. Install it: ${installAzurite}. Or leave func out: FUNCTIONS_HOST=local npm start`);
}

export function funcProgram(
  func: string,
  port: number,
): Pick<Program, 'command' | 'args' | 'readyLine' | 'readyWithinMs'> {
  return {
    command: func,
    args: ['start', '--port', String(port)],
    readyWithinMs: 120_000,
    readyLine: line => (/For detailed output|Host lock lease acquired|Host started/.test(line) ? ready : undefined),
  };
}

export function azuriteProgram(azurite: string, folder: string): Pick<Program, 'command' | 'args' | 'readyLine'> {
  return {
    command: azurite,
    args: ['--location', folder, '--skipApiVersionCheck', '--disableTelemetry'],
    readyLine: line => (/Table service (is|successfully)/i.test(line) ? ready : undefined),
  };
}

const ready: Ready = { ready: true };

function findProgram(name: string, searchPath: string): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter(folder => folder !== '')
    .map(folder => path.join(folder, name))
    .find(file => existsSync(file));
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.setTimeout(500, () => done(false));
  });
}
