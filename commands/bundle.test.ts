import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle, isStale } from './bundle.ts';

const root = path.join(import.meta.dirname, '..');
let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  for (const name of ['functions', 'media-host', 'contracts', 'agents', 'package.json', 'package-lock.json'])
    await cp(path.join(root, name), path.join(copy, name), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true }));

test('what is deployed is bundled whole, and again only when the source is younger', async () => {
  expect(await isStale(copy)).toBe(true);
  const gone = path.join(copy, 'dist/agents/tools/gone.js');
  await mkdir(path.dirname(gone), { recursive: true });
  await writeFile(gone, 'export {};');
  const { files } = await bundle(copy);
  expect(files).toEqual(
    expect.arrayContaining([
      'functions/main.cjs',
      'functions/main.cjs.map',
      'media-host/main.mjs',
      'media-host/journal-worker.mjs',
      'media-host/speech-worker.mjs',
      'media-host/turn-worker.mjs',
      'agents/reception.yaml',
      'agents/tools/opening-hours.js',
    ]),
  );
  expect(existsSync(gone)).toBe(false);
  expect(await isStale(copy)).toBe(false);
  const later = new Date(Date.now() + 5000);
  await utimes(path.join(copy, 'contracts/error.ts'), later, later);
  expect(await isStale(copy)).toBe(true);
});

test('a bundled tool needs nothing but what was bundled with it', async () => {
  const file = path.join(copy, 'dist/agents/tools/opening-hours.js');
  const tools = Object.values(await import(pathToFileURL(file).href)) as { name?: string }[];
  expect(tools.map(tool => tool.name)).toContain('opening-hours');
});

test('agents come as they are written', async () => {
  const [source, built] = await Promise.all(
    ['agents', 'dist/agents'].map(folder => readFile(path.join(copy, folder, 'reception.yaml'), 'utf8')),
  );
  expect(built).toBe(source);
});

test('a mistake is told with file and line', async () => {
  await writeFile(path.join(copy, 'agents/tools/broken.ts'), "\nimport './nowhere.ts';\n");
  await expect(bundle(copy)).rejects.toThrow('agents/tools/broken.ts:2:7: ERROR: Could not resolve "./nowhere.ts"');
});
