import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { agentPage, toolFile, writtenFolders } from '../testing/written-folder.ts';
import type { Agents } from './load.ts';
import { isPart, type Watching, watchAgents } from './watch.ts';

const written = writtenFolders();
afterAll(written.remove);
let watching: Watching | undefined;
afterEach(() => watching?.close());

/** A watched folder, and what was told of it last; a burst of edits may be told more than once. */
async function watched(files: Record<string, string>) {
  const folder = await written.folderOf(files);
  let last: Agents | Error | undefined;
  watching = watchAgents(
    folder,
    outcome => {
      last = outcome;
    },
    { settleMs: 20 },
  );
  return {
    folder,
    told: <T>(read: (outcome: Agents | Error | undefined) => T) => expect.poll(() => read(last), { timeout: 10_000 }),
    edit: (name: string, text: string) => writeFile(join(folder, name), text),
    /** As editors do it: beside it, then over it. */
    replace: async (name: string, text: string) => {
      await writeFile(join(folder, `${name}~`), text);
      await rename(join(folder, `${name}~`), join(folder, name));
    },
  };
}

const greeting = (outcome: Agents | Error | undefined) =>
  outcome instanceof Error ? outcome.message : outcome?.get('billing').definition.greeting;
const scenarios = (outcome: Agents | Error | undefined) =>
  outcome instanceof Error ? outcome.message : outcome?.scenarios;
const page = (hello: string, more = '') => agentPage('billing', more).replace('Hello.', hello);

test('an edited page is loaded again, however the editor writes it, and again', async () => {
  const { edit, replace, told } = await watched({ 'billing.yaml': page('One.') });
  await edit('billing.yaml', page('Two.'));
  await told(greeting).toBe('Two.');
  await replace('billing.yaml', page('Three.'));
  await told(greeting).toBe('Three.');
  await replace('billing.yaml', page('Four.'));
  await told(greeting).toBe('Four.');
});

test('a broken edit is told with all its mistakes, and the next good one loads', async () => {
  const { edit, told } = await watched({ 'billing.yaml': page('One.') });
  await edit('billing.yaml', page('Two.').replace('name', 'nmae').replace('prompt', 'promt'));
  await told(greeting).toMatch(/billing\.yaml:1:1: "nmae"[\s\S]*billing\.yaml:4:1: "promt"/);
  await edit('billing.yaml', page('Two.'));
  await told(greeting).toBe('Two.');
});

test('a scenario, a prompt and a tool that come, change and go are seen, also in folders that are new', async () => {
  const { folder, edit, told } = await watched({ 'billing.yaml': page('One.') });
  await mkdir(join(folder, 'tools'));
  await edit('tools/clock.js', toolFile('clock', 'one'));
  await edit('billing.yaml', page('One.', 'tools: [clock]\n'));
  const run = (outcome: Agents | Error | undefined) =>
    outcome instanceof Error
      ? outcome.message
      : outcome?.get('billing').tools[0]?.run({}, { callId: '', signal: AbortSignal.abort(), now: () => 0 });
  await told(run).toBe('one');
  await edit('tools/clock.js', toolFile('clock', 'two'));
  await told(run).toBe('two');

  await mkdir(join(folder, 'scenarios'));
  await edit('scenarios/shop.yaml', 'name: shop\ndescription: x\nstart: billing\nagents: [billing]\n');
  await told(scenarios).toEqual(['billing', 'shop']);
  await rm(join(folder, 'scenarios'), { recursive: true });
  await told(scenarios).toEqual(['billing']);
  await mkdir(join(folder, 'scenarios'));
  await edit('scenarios/store.yaml', 'name: store\ndescription: x\nstart: billing\nagents: [billing]\n');
  await told(scenarios).toEqual(['billing', 'store']);
});

test.each([
  ['billing.yaml', true],
  ['billing.yml', true],
  ['scenarios', true],
  ['scenarios/shop.yaml', true],
  ['prompts/house/voice.jinja', true],
  ['tools/clock.ts', true],
  ['tools/clock.test.ts', false],
  ['.billing.yaml.swp', false],
  ['billing.yaml~', false],
  ['tools/.clock.ts', false],
  ['notes.md', false],
  ['tests', false],
])('%s is part of the agents: %s', (path, part) => {
  expect(isPart(path)).toBe(part);
});
