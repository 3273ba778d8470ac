import { expect, test } from 'vitest';
import type { CallEvent } from '../../contracts/call-event.ts';
import { virtualClock } from '../clock.ts';
import { type FromJournal, journalLane, type ToJournal } from '../lanes/journal-lane.ts';
import { inlineLane } from '../lanes/lane.ts';
import { createMetrics } from '../observe/metrics.ts';
import type { Store } from '../store.ts';
import { nowhere } from '../testing/nowhere.ts';
import { type CallJournal, createArchive } from './archive.ts';
import type { JournalDocument } from './journal.ts';
import type { Recovery } from './recovery.ts';

/** The archive before a real journal lane, whose store is scripted. */
function setUp(store: Partial<Store> = {}, recall: Recovery['recall'] = async () => ({ events: [] })) {
  const clock = virtualClock();
  const metrics = createMetrics();
  const stored = new Map<string, JournalDocument>();
  const spooled: JournalDocument[] = [];
  const lane = inlineLane<ToJournal, FromJournal>(
    post =>
      journalLane(post, {
        clock,
        ttlSeconds: 1,
        store: {
          write: async (_, documents) => {
            for (const document of documents) stored.set(document.id, document);
          },
          call: async () => undefined,
          events: async () => [],
          facts: async () => undefined,
          caller: async () => undefined,
          page: async () => undefined,
          ping: async () => undefined,
          ...store,
        },
        spool: { keep: async (_, documents) => void spooled.push(...documents) },
        ahead: nowhere,
        recovery: { recall },
      }),
    message => archive.hear(message),
  );
  const archive = createArchive(lane, clock, metrics);
  const closed = (journal: CallJournal) => {
    const closing = journal.close();
    clock.advance(100);
    return closing;
  };
  return { archive, clock, metrics, stored, spooled, closed };
}

const opened = {
  type: 'media-opened',
  hostId: 'h',
  mode: 'media',
  agent: 'a',
  agentVersion: 'v',
  sampleRate: 16_000,
} as const;

test('facts reach the store without anybody waiting, and closing waits for them', async () => {
  const { archive, stored, closed } = setUp();
  const journal = archive.open(1, 'c', 'reception', []);
  journal.note(opened);
  journal.note({ type: 'caller-spoke', turn: 1, text: 'Hello.', startMs: 0, endMs: 1 });
  await closed(journal);
  expect([...stored.keys()]).toEqual(['ev:000000', 'turn:caller:000001']);
});

test('a journal that another host began goes on behind it', async () => {
  const { archive, stored, closed } = setUp();
  const past = [{ ...opened, seq: 0, at: 1 }] satisfies CallEvent[];
  const journal = archive.open(1, 'c', 'reception', past);
  journal.note(opened);
  await closed(journal);
  expect(stored.get('ev:000000')).toMatchObject({ from: 0, to: 1, n: 2 });
});

test('a call nobody knows is unknown; one that is known comes with its events', async () => {
  expect(await setUp().archive.recall('c')).toEqual({ events: [] });
  const known = { state: 'live', entryAgent: 'a', mode: 'media', direction: 'in', callerHash: 'h' } as const;
  const events = [{ ...opened, seq: 0, at: 1 }] satisfies CallEvent[];
  expect(await setUp({}, async () => ({ known, events })).archive.recall('c')).toEqual({ known, events });
});

test('a store that is away, or silent, is an error that names the settings', async () => {
  const away = setUp({
    ping: async () => {
      throw Object.assign(new Error('no'), { code: 503 });
    },
  });
  await expect(away.archive.ping()).rejects.toThrow(/\(503\)\. Check COSMOS_ENDPOINT/);
  const silent = setUp({ ping: () => new Promise(() => undefined) });
  const asking = expect(silent.archive.ping()).rejects.toThrow(/silent/);
  silent.clock.advance(5000);
  await asking;
});
