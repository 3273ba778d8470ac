import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JournalDocument } from './journal.ts';
import { createSpool } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchboard-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const none = () => expect.unreachable('a file that can be read was put aside');

const page = (callId: string): JournalDocument => ({
  id: 'ev:000000',
  pk: callId,
  type: 'eventPage',
  callId,
  from: 0,
  to: 0,
  n: 0,
  ev: [],
  ttl: 1,
});

test('what the store did not take is replayed when it is back, once', async () => {
  const spool = createSpool(folder);
  await spool.keep('a', [page('a')]);
  await spool.keep('b', [page('b')]);
  const written: string[] = [];
  let down = true;
  const store = {
    write: async (callId: string) => {
      if (down) throw new Error('away');
      written.push(callId);
    },
  };
  expect(await spool.replay(store, none)).toEqual({ replayed: 0, waiting: 2 });
  down = false;
  expect(await createSpool(folder).replay(store, none)).toEqual({ replayed: 2, waiting: 0 });
  expect(await spool.replay(store, none)).toEqual({ replayed: 0, waiting: 0 });
  expect(written.sort()).toEqual(['a', 'b']);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['half a line', '{"id":"ev:000000","callId":"b","ev":[{"text":"my pin is'],
  ['nothing that has a place', '{"id":"ev:000000"}\n'],
  ['null', 'null\n'],
])('a file that holds %s is put aside with all it says, and holds up no other', async (_, content) => {
  const spool = createSpool(folder);
  await spool.keep('a', [page('a')]);
  await writeFile(path.join(folder, 'b-1-ev.jsonl'), content);
  await spool.keep('c', [page('c')]);
  const written: string[] = [];
  const store = { write: async (callId: string) => void written.push(callId) };
  const aside: string[] = [];
  expect(await spool.replay(store, file => aside.push(file))).toEqual({ replayed: 2, waiting: 0 });
  expect(aside).toEqual(['b-1-ev.jsonl.bad']);
  expect(written).toEqual(['a', 'c']);
  expect(await readdir(folder)).toEqual(aside);
  expect(await readFile(path.join(folder, 'b-1-ev.jsonl.bad'), 'utf8')).toBe(content);
  expect(await spool.replay(store, none)).toEqual({ replayed: 0, waiting: 0 });
});

test('a folder that is not there yet holds nothing', async () => {
  expect(await createSpool(path.join(folder, 'none')).replay({ write: async () => undefined }, none)).toEqual({
    replayed: 0,
    waiting: 0,
  });
});
