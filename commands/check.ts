import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { agentSchemas } from './agent-schemas.ts';
import { readTree, wrongArrows } from './arrows.ts';
import { settingsExample } from './settings-example.ts';
import { settingsPage } from './settings-page.ts';

/**
 * `npm run check`: types, lint and format, arrows, the files written from schemas, all at once. `-- --write`
 * mends what can be mended.
 */
const root = path.join(import.meta.dirname, '..');
const write = process.argv.includes('--write');

/** Files that are written from the schemas of settings, agents and scenarios. */
const written: Readonly<Record<string, () => string>> = {
  'local.settings.example.json': settingsExample,
  'docs/settings.md': settingsPage,
  ...agentSchemas,
};

/** What is wrong; empty when all is well. */
type Check = () => Promise<string>;

const checks: Record<string, Check> = {
  types: () => tool('tsc', ['-p', '.', '--pretty', String(process.stdout.isTTY === true)]),
  lint: () =>
    tool('biome', ['check', '--error-on-warnings', '--no-errors-on-unmatched', ...(write ? ['--write'] : [])]),
  arrows: async () => wrongArrows(await readTree(root)).join('\n'),
  written: checkWritten,
};

const failed = await Promise.all(
  Object.entries(checks).map(async ([name, check]) => {
    const started = performance.now();
    const wrong = await check();
    const ms = Math.round(performance.now() - started);
    console.log(`${wrong === '' ? '✓' : '✗'} ${name.padEnd(8)} ${String(ms).padStart(6)} ms`);
    return wrong;
  }),
);
for (const wrong of failed) if (wrong !== '') console.error(`\n${wrong}`);
if (failed.some(wrong => wrong !== '')) process.exitCode = 1;

function tool(name: string, args: readonly string[]): Promise<string> {
  const binary = path.join(root, 'node_modules/.bin', name);
  return new Promise(resolve => {
    execFile(binary, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (!error) resolve('');
      else resolve(`${stdout}${stderr}`.trim() || `${name}: ${error.message} (run npm ci first)`);
    });
  });
}

async function checkWritten(): Promise<string> {
  const stale: string[] = [];
  for (const [name, contents] of Object.entries(written)) {
    const file = path.join(root, name);
    if (write) await mkdir(path.dirname(file), { recursive: true });
    if (write) await writeFile(file, contents());
    if ((await readFile(file, 'utf8').catch(() => '')) !== contents()) stale.push(name);
  }
  if (stale.length === 0) return '';
  return `${stale.join(' and ')}: not what contracts/ says. Run npm run check -- --write`;
}
