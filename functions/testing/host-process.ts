import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

/**
 * The control plane as it is deployed, a bundle, run by the stand-in of the Functions host in a process of its own: one
 * that can be killed and started again on the same durable state.
 */
const root = path.join(import.meta.dirname, '../..');

export interface HostProcess {
  url: string;
  key: string;
  /** Opens the management API of durable functions. */
  durableKey: string;
  /** Opens the routes below /admin. */
  masterKey: string;
  /** The names of all functions it serves. */
  functions: readonly string[];
  /** Everything the app and the host have said. */
  log(): string;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface AppFolder {
  dir: string;
  start(env: Record<string, string>): Promise<HostProcess>;
  remove(): Promise<void>;
}

export async function bundledApp(): Promise<AppFolder> {
  const dir = await mkdtemp(path.join(tmpdir(), 'switchboard-functions-'));
  await mkdir(path.join(dir, 'data'));
  await copyFile(path.join(root, 'host.json'), path.join(dir, 'host.json'));
  await writeFile(path.join(dir, 'package.json'), JSON.stringify({ main: 'main.cjs' }));
  await build({
    entryPoints: [path.join(root, 'functions/main.ts')],
    outfile: path.join(dir, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['@azure/functions-core'],
    keepNames: true,
    logLevel: 'error',
  });
  return {
    dir,
    start: env => startHost(dir, env),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

async function startHost(dir: string, env: Record<string, string>): Promise<HostProcess> {
  const main = path.join(root, 'emulators/functions-host/main.ts');
  const args = [main, '--app', dir, '--port', '0', '--data', path.join(dir, 'data')];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: dir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', part => {
    said += String(part);
  });
  const { url, keys, functions } = await readyLine(child, () => said);
  return {
    url,
    key: keys.host,
    durableKey: keys.system.durabletask_extension,
    masterKey: keys.master,
    functions,
    log: () => said,
    async stop(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

interface ReadyLine {
  url: string;
  functions: string[];
  keys: { host: string; master: string; system: { durabletask_extension: string } };
}

function readyLine(child: ChildProcess, said: () => string): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', line => resolve(JSON.parse(line)));
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`The host ended with ${code} before it was ready.\n${said()}`)));
  });
}
