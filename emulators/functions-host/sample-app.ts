import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { type SpawnedHost, type SpawnOptions, spawnHost } from './spawn-host.ts';

/*
 * Builds the sample app as an app is deployed, one bundled file with its own host.json and package.json in a temporary
 * folder, and starts hosts on it.
 */

export interface JournalEntry {
  what: string;
  pid: number;
}

export interface SampleApp {
  appDir: string;
  dataDir: string;
  /** Environment that hosts of this app start with. */
  env: Record<string, string>;
  /** Starts a host on the app's data folder. */
  start(options?: Partial<SpawnOptions>): Promise<SpawnedHost>;
  /** What the app's functions have noted so far. */
  journal(): JournalEntry[];
  remove(): void;
}

export function buildSampleApp(hostJson: Record<string, unknown> = {}): SampleApp {
  const root = mkdtempSync(path.join(tmpdir(), 'functions-host-'));
  const appDir = path.join(root, 'app');
  const journalFile = path.join(root, 'journal.jsonl');
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'test-app/main.ts')],
    outfile: path.join(appDir, 'dist/main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  });
  writeFileSync(path.join(appDir, 'host.json'), JSON.stringify({ version: '2.0', ...hostJson }));
  writeFileSync(path.join(appDir, 'package.json'), JSON.stringify({ name: 'sample', main: 'dist/*.cjs' }));
  writeFileSync(journalFile, '');
  const dataDir = path.join(root, 'data');
  mkdirSync(dataDir);
  const env = { SAMPLE_JOURNAL: journalFile, SAMPLE_SCHEDULE: '0 0 0 1 1 *' };
  return {
    appDir,
    dataDir,
    env,
    start: options => spawnHost({ appDir, dataDir, ...options, env: { ...env, ...options?.env } }),
    journal: () =>
      readFileSync(journalFile, 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as JournalEntry),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
