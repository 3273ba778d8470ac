import { expect, test } from 'vitest';
import type { CallEvent } from '../../contracts/call-event.ts';
import { virtualClock } from '../clock.ts';
import { createJournal, type EventPage, eventPage, type JournalDocument } from './journal.ts';

const ticks = async () => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};

function setUp(options: { failing?: () => boolean; losesReply?: () => boolean } = {}) {
  const clock = virtualClock();
  const stored = new Map<string, JournalDocument>();
  const spooled: JournalDocument[] = [];
  const writes: number[] = [];
  const troubles: string[] = [];
  const journal = createJournal({
    callId: 'c',
    agent: 'reception',
    store: {
      write: async (_, documents) => {
        if (options.failing?.()) throw Object.assign(new Error('down'), { code: 503 });
        writes.push(clock.now());
        for (const document of documents) stored.set(document.id, document);
        if (options.losesReply?.()) throw Object.assign(new Error('silent'), { code: 408 });
      },
    },
    pages: {
      page: async (_, number) => {
        const page = stored.get(`ev:${String(number).padStart(6, '0')}`);
        return page?.type === 'eventPage' ? [...page.ev] : undefined;
      },
    },
    spool: { keep: async (_, documents) => void spooled.push(...documents) },
    clock,
    ttlSeconds: 60,
    troubled: code => troubles.push(code),
  });
  const spoke = (turn: number) =>
    journal.note({ type: 'caller-spoke', turn, text: `words ${turn}`, startMs: 0, endMs: 1 }, clock.now());
  const events = () =>
    [...stored.values()]
      .filter((document): document is EventPage => document.type === 'eventPage')
      .flatMap(page => page.ev);
  return { clock, stored, spooled, writes, troubles, journal, spoke, events };
}

test('facts are numbered without gaps, paged by fifty, and every spoken turn has its document', async () => {
  const { journal, stored, spoke, events } = setUp();
  for (let i = 0; i < 120; i++) spoke(i);
  await journal.close();
  expect(events().map(event => event.seq)).toEqual(Array.from({ length: 120 }, (_, i) => i));
  expect([...stored.keys()].filter(id => id.startsWith('ev:'))).toEqual(['ev:000000', 'ev:000001', 'ev:000002']);
  expect([...stored.values()].filter(document => document.type === 'turn')).toHaveLength(120);
});

test('every document of it says how long it is kept', async () => {
  const { journal, stored, spoke } = setUp();
  spoke(1);
  await journal.close();
  expect(Object.fromEntries([...stored.values()].map(({ type, ttl }) => [type, ttl]))).toEqual({
    turn: 60,
    eventPage: 60,
  });
});

test('a fact reaches the store within two seconds', async () => {
  const { clock, spoke, events } = setUp();
  spoke(1);
  clock.advance(1999);
  await ticks();
  expect(events()).toHaveLength(1);
});

test('a store that is away for a while loses nothing', async () => {
  let down = true;
  const { clock, spoke, events, journal, troubles } = setUp({ failing: () => down });
  spoke(1);
  clock.advance(1500);
  await ticks();
  spoke(2);
  clock.advance(1500);
  await ticks();
  expect(events()).toHaveLength(0);
  expect(troubles).toContain('503');
  down = false;
  await journal.close();
  expect(events().map(event => event.seq)).toEqual([0, 1]);
});

test('a store that stays away leaves the journal in the spool', async () => {
  const { clock, spoke, spooled, journal } = setUp({ failing: () => true });
  spoke(1);
  spoke(2);
  const closing = journal.close();
  for (let i = 0; i < 20; i++) {
    await ticks();
    clock.advance(200);
  }
  await closing;
  expect(spooled.map(document => document.id)).toEqual(['ev:000000', 'turn:caller:000001', 'turn:caller:000002']);
});

test('facts that come while their page is being written are not lost, though the page fills up meanwhile', async () => {
  let duringWrite: () => void = () => undefined;
  const { journal, spoke, events } = setUp({
    failing: () => {
      duringWrite();
      return false;
    },
  });
  let turn = 40;
  for (let i = 0; i < turn; i++) spoke(i);
  duringWrite = () => {
    duringWrite = () => undefined;
    for (; turn < 70; turn++) spoke(turn);
  };
  await journal.close();
  await journal.close();
  expect(events().map(event => event.seq)).toEqual(Array.from({ length: 70 }, (_, i) => i));
});

test('a host that stood still while another went on with the call writes no more of it', async () => {
  const { clock, spoke, events, journal, stored, spooled } = setUp();
  spoke(1);
  clock.advance(1500);
  await ticks();
  const theirs: CallEvent[] = [
    ...events(),
    { seq: 1, at: 9, type: 'media-closed', reason: 'connection-lost', code: 1006 },
    { seq: 2, at: 9, type: 'caller-spoke', turn: 2, text: 'elsewhere', startMs: 0, endMs: 1 },
  ];
  stored.set('ev:000000', eventPage('c', 0, theirs, 60));
  clock.advance(20_000);
  spoke(3);
  clock.advance(1500);
  await ticks();
  spoke(4);
  await journal.close();
  expect(events()).toEqual(theirs);
  expect([...stored.values()].filter(({ type }) => type === 'turn')).toHaveLength(1);
  expect(spooled).toEqual([]);
});

test('a host whose call was quiet for long writes on, also behind a write it never heard the end of', async () => {
  let loses = false;
  const { clock, spoke, events, journal } = setUp({ failing: () => false, losesReply: () => loses });
  spoke(1);
  clock.advance(60_000);
  await ticks();
  loses = true;
  spoke(2);
  clock.advance(1500);
  await ticks();
  loses = false;
  clock.advance(60_000);
  await ticks();
  spoke(3);
  await journal.close();
  expect(events().map(({ seq }) => seq)).toEqual([0, 1, 2]);
});
