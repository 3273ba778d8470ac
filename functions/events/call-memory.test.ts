import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cosmos, startCosmos } from '../../emulators/cosmos/cosmos.ts';
import type { ControlSettings } from '../settings.ts';
import { type Documents, openStore } from '../store.ts';
import { callMemory } from './call-memory.ts';
import { claim } from './claims.ts';

/** With the real client: only the database itself can say who was first. */
let cosmos: Cosmos;
let documents: Documents;

beforeAll(async () => {
  cosmos = await startCosmos();
  const settings = { COSMOS_ENDPOINT: cosmos.url, COSMOS_KEY: cosmos.key, COSMOS_DATABASE: 'voice' };
  documents = openStore(settings as ControlSettings).documents('calls');
});

afterAll(() => cosmos?.close());

test('handlers that remember at one moment each keep theirs, and of one name one stays', async () => {
  const names = ['a', 'b', 'c', 'd', 'same', 'same'];
  await Promise.all(
    names.map(async (name, i) => {
      const memory = callMemory(documents, 'call-1');
      memory.set(name, `value ${i}`);
      expect(await memory.keep()).toEqual({ [name]: `value ${i}` });
      expect(await memory.keep()).toBeUndefined();
    }),
  );
  const memory = callMemory(documents, 'call-1');
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(name => memory.get(name)))).toEqual([
    ...['value 0', 'value 1', 'value 2', 'value 3'],
  ]);
  expect(await memory.get('same')).toMatch(/^value [45]$/);
  expect(await callMemory(documents, 'call-2').get('a')).toBeUndefined();
  expect((await documents.read('call-1', 'memory'))?.fields).toMatchObject({ type: 'memory', ttl: 86_400 });
});

test('what handlers note is what the media host finds of the call', async () => {
  const memory = callMemory(documents, 'call-3');
  memory.set('tier', 'gold');
  memory.set('customer.name', 'Ada');
  await memory.keep();
  expect(await mediaHostFinds('call-3')).toEqual({ tier: 'gold', 'customer.name': 'Ada' });
});

/** The other program's own reading of the facts, in a process of its own. */
async function mediaHostFinds(callId: string): Promise<unknown> {
  const settings = { COSMOS_ENDPOINT: cosmos.url, COSMOS_KEY: cosmos.key, COSMOS_DATABASE: 'voice' };
  const store = path.join(import.meta.dirname, '../../media-host/store.ts');
  const script = `
    const [file, settings, callId] = process.argv.slice(1);
    const { createStore } = await import(file);
    console.log(JSON.stringify((await createStore(JSON.parse(settings)).facts(callId)) ?? null));
    process.exit();`;
  const args = ['--input-type=module', '--eval', script, store, JSON.stringify(settings), callId];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}

test('of many who claim the handlers of an event at once one gets them, and what it leaves is free again', async () => {
  const ask = (now = 0) => claim(documents, 'call-1', 'event-1', ['a', 'b'], now);
  const claims = await Promise.all(Array.from({ length: 6 }, () => ask()));
  const [winner, ...losers] = claims.sort((a, b) => b.names.length - a.names.length);
  expect(winner?.names).toEqual(['a', 'b']);
  expect(losers.flatMap(({ names }) => names)).toEqual([]);
  await winner?.settle(['a']);
  const second = await ask();
  expect(second.names).toEqual(['b']);
  await second.settle(['b']);
  expect((await ask(Number.MAX_SAFE_INTEGER)).names).toEqual([]);
});

test('an event id no document could be named by is claimed all the same, apart from others', async () => {
  for (const id of ['a/b?c#d\\e', 'x'.repeat(2_000), 'a/b?c#d\\f'])
    expect((await claim(documents, 'call-1', id, ['a'], 0)).names).toEqual(['a']);
  expect((await claim(documents, 'call-1', 'a/b?c#d\\e', ['a'], 0)).names).toEqual([]);
});
