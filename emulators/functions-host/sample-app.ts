import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { type SpawnedHost, type SpawnOptions, spawnHost } from './spawn-host.ts';

/*
 * The sample app as an app is deployed, one bundled file with its own host.json and package.json, and hosts on it. The
 * folder is named by its content, so every test shares one build and Node's compile cache.
 */

export interface SampleApp {
  appDir: string;
  dataDir: string;
  /** Environment that hosts of this app start with. */
  env: Record<string, string>;
  /** Starts a host on the app's data folder. */
  start(options?: Partial<SpawnOptions>): Promise<SpawnedHost>;
  /** What the app's functions have noted so far. */
  journal(): { what: string }[];
  remove(): void;
  [Symbol.dispose](): void;
}

let bundle: string | undefined;

export function buildSampleApp(hostJson: Record<string, unknown> = {}): SampleApp {
  const appDir = sharedAppDir(JSON.stringify({ version: '2.0', ...hostJson }));
  const root = mkdtempSync(path.join(tmpdir(), 'functions-host-'));
  const journalFile = path.join(root, 'journal.jsonl');
  writeFileSync(journalFile, '');
  const dataDir = path.join(root, 'data');
  const remove = (): void => rmSync(root, { recursive: true, force: true });
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
        .map(line => JSON.parse(line) as { what: string }),
    remove,
    [Symbol.dispose]: remove,
  };
}

function sharedAppDir(hostJson: string): string {
  bundle ??= bundleText();
  const name = createHash('sha256').update(bundle).update(hostJson).digest('hex').slice(0, 16);
  const appDir = path.join(tmpdir(), `functions-host-sample-${name}`);
  if (existsSync(appDir)) return appDir;
  const draft = mkdtempSync(`${appDir}-`);
  mkdirSync(path.join(draft, 'dist'));
  writeFileSync(path.join(draft, 'dist/main.cjs'), bundle);
  writeFileSync(path.join(draft, 'host.json'), hostJson);
  writeFileSync(path.join(draft, 'package.json'), JSON.stringify({ name: 'sample', main: 'dist/*.cjs' }));
  try {
    renameSync(draft, appDir);
  } catch (error) {
    // Another test process was faster; its folder is the same.
    if (!existsSync(appDir)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return appDir;
}

function bundleText(): string {
  const built = buildSync({
    entryPoints: [path.join(import.meta.dirname, 'test-app/main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  });
  return built.outputFiles[0]!.text;
}
