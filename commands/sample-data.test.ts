import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { openRecords, type RecordStore } from './record-store.ts';
import { loadRecords } from './sample-data.ts';

let cosmos: Cosmos;
let store: RecordStore;
let folder: string;

beforeAll(async () => {
  [cosmos, folder] = await Promise.all([startCosmos(), mkdtemp(path.join(tmpdir(), 'switchboard-records-'))]);
  store = openRecords({ endpoint: cosmos.url, key: cosmos.key, database: 'voice' });
  await mkdir(path.join(folder, 'data'));
});

afterAll(async () => {
  store?.close();
  await Promise.all([cosmos?.close(), rm(folder, { recursive: true, force: true })]);
});

const write = (name: string, content: unknown) =>
  writeFile(path.join(folder, 'data', name), typeof content === 'string' ? content : JSON.stringify(content));
const kept = () => store.query('business', 'SELECT c.pk, c.record FROM c ORDER BY c.id');

test('the records of a folder come into a container that is made for them; one that is there stays as it is', async () => {
  await write('customers.json', [{ id: '1', name: 'Anna' }]);
  await write('README.md', 'x');
  expect(await loadRecords(folder, store)).toEqual({ kinds: 1, records: 1, made: 1 });
  await write('customers.json', [
    { id: '1', name: 'Other' },
    { id: '2', name: 'Thomas' },
  ]);
  await write('invoices.json', [{ id: '3', customer: '1', cents: 100 }]);
  expect(await loadRecords(folder, store)).toEqual({ kinds: 2, records: 3, made: 2 });
  expect(await kept()).toEqual([
    { pk: 'customers', record: { id: '1', name: 'Anna' } },
    { pk: 'customers', record: { id: '2', name: 'Thomas' } },
    { pk: 'invoices', record: { id: '3', customer: '1', cents: 100 } },
  ]);
});

test('a folder without records makes nothing', async () => {
  const nobody = { make: () => expect.unreachable(), add: () => expect.unreachable() };
  expect(await loadRecords(path.join(folder, 'nowhere'), nobody)).toEqual({ kinds: 0, records: 0, made: 0 });
});

test.each<[string, unknown, RegExp]>([
  ['cards.json', '[{', /cards\.json: .*JSON/],
  ['cards.json', { id: '1' }, /cards\.json: it must hold a list/],
  ['cards.json', [{ name: 'x' }], /cards\.json: .*no id/],
  ['cards.json', [{ id: 'a/b' }], /cards\.json: .*an id is/],
  ['cards.json', [{ id: '1' }, { id: '1' }], /cards\.json: two of its records/],
  ['Cards.json', [{ id: '1' }], /Cards\.json: .*a kind is/],
])('%s that holds %j is refused by name, and nothing is written', async (name, content, why) => {
  const before = await kept();
  await write('accounts.json', [{ id: '9' }]);
  await write(name, content);
  await expect(loadRecords(folder, store)).rejects.toThrow(why);
  await rm(path.join(folder, 'data', name));
  expect(await kept()).toEqual(before);
});
