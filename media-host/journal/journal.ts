import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import { type TurnDocument, turnDocument } from '../../contracts/call-record.ts';
import type { Clock } from '../clock.ts';
import type { AheadFile } from './write-ahead.ts';

/**
 * The call's journal: facts are numbered as they happen and reach Cosmos DB within two seconds, without the call ever
 * waiting for it. Every document has an id computed from its place, so writing one twice changes nothing; what cannot
 * be written is spooled to disk at the end and replayed later. A host that stood still for so long that another has gone
 * on with the call writes no more of it: pages are written whole, and its would undo the other's.
 */
export interface EventPage {
  id: string;
  pk: string;
  type: 'eventPage';
  callId: string;
  from: number;
  to: number;
  n: number;
  ev: CallEvent[];
  ttl: number;
}

export type JournalDocument = EventPage | TurnDocument;

/** Where journal documents go. All documents of one write belong to one call and are written together or not at all. */
export interface JournalStore {
  write(callId: string, documents: readonly JournalDocument[]): Promise<void>;
}

export interface StoredPages {
  /** The events of one page as they are stored; undefined where there is no such page. */
  page(callId: string, number: number): Promise<readonly CallEvent[] | undefined>;
}

/** Where they wait while the store is away. */
export interface Spool {
  keep(callId: string, documents: readonly JournalDocument[]): Promise<void>;
}

export interface Journal {
  /** @param at epoch milliseconds at which it happened */
  note(fact: CallFact, at: number): void;
  /** Everything noted so far is in the store or in the spool when this resolves. */
  close(): Promise<void>;
}

export interface JournalOptions {
  callId: string;
  agent: string;
  store: JournalStore;
  /** Where to see whether another host has gone on with the call. @default nowhere: none ever has */
  pages?: StoredPages;
  spool: Spool;
  clock: Clock;
  ttlSeconds: number;
  /** What an earlier host wrote of the call: numbering goes on behind it. */
  past?: readonly CallEvent[];
  /** Where facts stand until the store has them. */
  ahead?: Pick<AheadFile, 'append' | 'settled' | 'close'> | undefined;
  /** Told when the store refuses, with its code. */
  troubled: (code: string) => void;
}

const eventsPerPage = 50;

/** The page of the journal that holds this number. */
export const pageOf = (seq: number): number => Math.floor(seq / eventsPerPage);

export const pageId = (number: number): string => `ev:${String(number).padStart(6, '0')}`;

/** A page as it is stored. @param ev all its events so far, in order */
export function eventPage(callId: string, number: number, ev: CallEvent[], ttl: number): EventPage {
  return {
    id: pageId(number),
    pk: callId,
    type: 'eventPage',
    callId,
    from: ev[0]?.seq ?? 0,
    to: ev.at(-1)?.seq ?? 0,
    n: ev.length,
    ev,
    ttl,
  };
}

/** Calls that began together do not write together: each has its own pace between the two. */
const flushAfterMs = { least: 700, most: 1500 };
const flushAtEvents = 20;
const closingPatienceMs = 2000;
/** A host that has not written for so long may be missed, and its calls be elsewhere. */
const mayBeMissedMs = 5000;

export function createJournal({
  callId,
  agent,
  store,
  pages: storedPages,
  spool,
  clock,
  ttlSeconds,
  past = [],
  ahead,
  troubled,
}: JournalOptions): Journal {
  const firstSeq = (past.at(-1)?.seq ?? -1) + 1;
  // The page that numbering goes on in is written whole again.
  const openPage = pageOf(firstSeq);
  const pages = new Map([[openPage, past.filter(event => pageOf(event.seq) === openPage)]]);
  const dirty = new Set<number>();
  let turns: TurnDocument[] = [];
  let seq = firstSeq;
  let unflushed = 0;
  let speaker = agent;
  const flushEveryMs =
    flushAfterMs.least + (Number.parseInt(callId.slice(0, 6), 16) % (flushAfterMs.most - flushAfterMs.least));
  let forgetTimer: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  let stored = firstSeq - 1;
  let storedAt = clock.now();
  let overtaken = false;

  const pageDocument = (number: number) => eventPage(callId, number, pages.get(number) ?? [], ttlSeconds);

  const flush = async (): Promise<boolean> => {
    forgetTimer?.();
    forgetTimer = undefined;
    if (dirty.size === 0) return true;
    const numbers = [...dirty];
    const spoken = turns;
    dirty.clear();
    turns = [];
    unflushed = 0;
    const documents = [...numbers.map(pageDocument), ...spoken];
    const upTo = seq - 1;
    try {
      overtaken ||= clock.now() - storedAt > mayBeMissedMs && (await isElsewhere());
      if (!overtaken) await store.write(callId, documents);
      stored = upTo;
      storedAt = clock.now();
      // A full page is never written again, unless it grew while this write was under way.
      const open = pageOf(seq);
      for (const number of numbers) if (number < open && !dirty.has(number)) pages.delete(number);
      if (dirty.size === 0) ahead?.settled();
      return true;
    } catch (error) {
      for (const number of numbers) dirty.add(number);
      turns = [...spoken, ...turns];
      troubled(codeOf(error));
      return false;
    }
  };

  /** Whether the number after the last one stored was given to something else than here. */
  const isElsewhere = async (): Promise<boolean> => {
    const next = stored + 1;
    const theirs = (await storedPages?.page(callId, pageOf(next)))?.find(event => event.seq === next);
    const ours = pages.get(pageOf(next))?.find(event => event.seq === next);
    return theirs !== undefined && (theirs.at !== ours?.at || theirs.type !== ours.type);
  };

  /** One write at a time, in order. */
  const queueFlush = (): Promise<boolean> => {
    const result = writing.then(flush);
    writing = result.then(() => undefined);
    return result;
  };

  const schedule = () => {
    if (unflushed >= flushAtEvents) void queueFlush();
    else
      forgetTimer ??= clock.after(flushEveryMs, () => void queueFlush().then(done => (done ? undefined : schedule())));
  };

  return {
    note: (fact, at) => {
      const event = { ...fact, seq: seq++, at } as CallEvent;
      ahead?.append(event);
      const number = pageOf(event.seq);
      const page = pages.get(number) ?? [];
      page.push(event);
      pages.set(number, page);
      dirty.add(number);
      if (event.type === 'agent-spoke') speaker = event.agent;
      const turn = turnDocument(callId, speaker, event, ttlSeconds);
      if (turn) turns.push(turn);
      unflushed++;
      schedule();
    },
    close: async () => {
      const giveUpAt = clock.now() + closingPatienceMs;
      while (!(await queueFlush())) {
        if (clock.now() >= giveUpAt) {
          await spool.keep(callId, [...[...dirty].map(pageDocument), ...turns]);
          dirty.clear();
          turns = [];
          break;
        }
        await new Promise<void>(resolve => clock.after(200, resolve));
      }
      forgetTimer?.();
      ahead?.close();
    },
  };
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : 'unknown';
}
