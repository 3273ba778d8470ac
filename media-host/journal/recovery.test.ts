import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallEvent } from '../../contracts/call-event.ts';
import { virtualClock } from '../clock.ts';
import type { Store } from '../store.ts';
import { createJournal, type JournalDocument } from './journal.ts';
import { createRecovery } from './recovery.ts';
import { createSpool } from './spool.ts';
import { createWriteAhead } from './write-ahead.ts';

const callId = 'a'.repeat(32);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchboard-ahead-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function stored() {
  const documents = new Map<string, JournalDocument>();
  let down = false;
  const events = () =>
    [...documents.values()].flatMap(document => (document.type === 'eventPage' ? document.ev : [])) as CallEvent[];
  const refuse = () => {
    if (down) throw Object.assign(new Error('away'), { code: 503 });
  };
  const store: Store = {
    write: async (_, written) => {
      refuse();
      for (const document of written) documents.set(document.id, structuredClone(document));
    },
    call: async () => {
      refuse();
      return { state: 'live', entryAgent: 'desk', mode: 'media', direction: 'in', callerHash: 'h' };
    },
    events: async () => events().sort((a, b) => a.seq - b.seq),
    facts: async () => ({ tier: 'gold' }),
    caller: async () => undefined,
    page: async () => undefined,
    ping: async () => undefined,
  };
  return { store, documents, seqs: () => events().map(({ seq }) => seq), goesDown: (is: boolean) => (down = is) };
}

/** A host of its own run on the same disk; nothing of it lives on but its files. */
function host(run: string, store: Store) {
  const ahead = createWriteAhead(folder, run);
  const spool = createSpool(folder);
  const clock = virtualClock();
  const recovery = createRecovery({ store, spool, ahead, ttlSeconds: 60, putAside: () => undefined });
  const open = (past: readonly CallEvent[] = []) => {
    const file = ahead.file(callId);
    const troubled = () => undefined;
    const journal = createJournal({
      callId,
      agent: 'desk',
      store,
      spool,
      clock,
      ttlSeconds: 60,
      past,
      ahead: file,
      troubled,
    });
    const says = (turn: number) =>
      journal.note({ type: 'caller-spoke', turn, text: `words ${turn}`, startMs: 0, endMs: 1 }, clock.now());
    return { journal, file, says };
  };
  return { clock, recovery, open };
}

const written = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

test('what a killed host had noted and not sent is stored before anybody goes on with the call', async () => {
  const { store, seqs, documents } = stored();
  const killed = host('one', store);
  const call = killed.open();
  for (let turn = 1; turn <= 60; turn++) call.says(turn);
  killed.clock.advance(1500);
  await written();
  const sent = seqs().length;
  for (let turn = 61; turn <= 70; turn++) call.says(turn);
  call.file.mark({ turn: 70, heard: 'so far' });
  expect(sent).toBe(60);

  const next = host('two', store);
  const recalled = await next.recovery.recall(callId);
  expect(recalled.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 70 }, (_, n) => n));
  expect(recalled).toMatchObject({ mark: { turn: 70, heard: 'so far' }, facts: { tier: 'gold' } });
  expect(seqs()).toEqual(recalled.events.map(({ seq }) => seq));
  expect(documents.has('turn:caller:000070')).toBe(true);

  const on = next.open(recalled.events);
  on.says(71);
  await on.journal.close();
  expect(seqs()).toEqual(Array.from({ length: 71 }, (_, n) => n));
  expect(await readdir(folder)).toEqual([]);
});

test('a call that was written to its end leaves nothing on the disk', async () => {
  const { store } = stored();
  const { open } = host('one', store);
  const call = open();
  call.says(1);
  expect(await readdir(folder)).toHaveLength(1);
  await call.journal.close();
  expect(await readdir(folder)).toEqual([]);
});

test('a call that went on elsewhere from what was stored keeps its numbers', async () => {
  const { store, seqs } = stored();
  const killed = host('one', store);
  const first = killed.open();
  first.says(1);
  killed.clock.advance(1500);
  await written();
  first.says(2);
  const elsewhere = host('elsewhere', store).open([...(await store.events(callId))]);
  elsewhere.says(3);
  await elsewhere.journal.close();
  const { events } = await host('two', store).recovery.recall(callId);
  expect(events.map(event => 'turn' in event && event.turn)).toEqual([1, 3]);
  expect(seqs()).toEqual([0, 1]);
});

test('a store that is away keeps the files where they are', async () => {
  const it = stored();
  host('one', it.store).open().says(1);
  it.goesDown(true);
  await expect(host('two', it.store).recovery.recall(callId)).rejects.toThrow('away');
  it.goesDown(false);
  const { events } = await host('three', it.store).recovery.recall(callId);
  expect(events).toHaveLength(1);
  expect(it.seqs()).toEqual([0]);
});

test('the spool of a call is replayed before its journal is read', async () => {
  const it = stored();
  it.goesDown(true);
  const { open, clock } = host('one', it.store);
  const call = open();
  call.says(1);
  const closing = call.journal.close();
  for (let i = 0; i < 20; i++) {
    await written();
    clock.advance(200);
  }
  await closing;
  it.goesDown(false);
  expect((await host('two', it.store).recovery.recall(callId)).events).toHaveLength(1);
});

test('the files of a process that lives are its own', async () => {
  const it = stored();
  host('one', it.store).open().says(1);
  const [name = ''] = await readdir(folder);
  const parent = process.ppid;
  await rename(path.join(folder, name), path.join(folder, name.replace(`.${process.pid}-`, `.${parent}-`)));
  expect((await host('two', it.store).recovery.recall(callId)).events).toEqual([]);
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  const [left = ''] = await readdir(folder);
  await rename(path.join(folder, left), path.join(folder, left.replace(`.${parent}-`, `.${dead}-`)));
  expect((await host('two', it.store).recovery.recall(callId)).events).toHaveLength(1);
});

test('a journal that nobody went on with is stored in time, one that has just been left is not touched', async () => {
  const it = stored();
  host('one', it.store).open().says(1);
  const next = host('two', it.store);
  await next.recovery.sweep();
  expect(it.seqs()).toEqual([]);
  const [name = ''] = await readdir(folder);
  const long = Date.now() / 1000 - 60;
  await utimes(path.join(folder, name), long, long);
  await next.recovery.sweep();
  expect(it.seqs()).toEqual([0]);
  expect(await readdir(folder)).toEqual([]);
});
