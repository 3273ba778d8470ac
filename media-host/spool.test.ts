import { mkdtemp, readdir, rm } from 'node:fs/promises';
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
  expect(await spool.replay(store)).toEqual({ replayed: 0, waiting: 2 });
  down = false;
  expect(await createSpool(folder).replay(store)).toEqual({ replayed: 2, waiting: 0 });
  expect(await spool.replay(store)).toEqual({ replayed: 0, waiting: 0 });
  expect(written.sort()).toEqual(['a', 'b']);
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that is not there yet holds nothing', async () => {
  expect(await createSpool(path.join(folder, 'none')).replay({ write: async () => undefined })).toEqual({
    replayed: 0,
    waiting: 0,
  });
});
