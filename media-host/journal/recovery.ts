import type { CallEvent } from '../../contracts/call-event.ts';
import { turnDocument } from '../../contracts/call-record.ts';
import type { KnownCall, Store } from '../store.ts';
import { eventPage, type JournalDocument, pageOf } from './journal.ts';
import type { HeardMark } from './resume.ts';
import type { DiskSpool } from './spool.ts';
import type { Left, WriteAhead } from './write-ahead.ts';

/**
 * Brings what a dead host left on this disk to the store, before anybody goes on with the call: pages of the journal are
 * written whole, so what the store has of them and what it has not are joined by number.
 */
export interface Recovery {
  /** All that is known of a call that another host carried. @throws what the store throws */
  recall(callId: string): Promise<RecalledCall>;
  /** Journals of calls that nobody went on with. @throws what the store throws */
  sweep(): Promise<void>;
}

export interface RecalledCall {
  known?: KnownCall;
  events: readonly CallEvent[];
  /** How far the agent's words had sounded when a host was lost that wrote to this disk. */
  mark?: HeardMark;
  /** What handlers of events have written for the agent to know. */
  facts?: Readonly<Record<string, string>>;
}

export interface RecoveryParts {
  store: Store;
  spool: DiskSpool;
  ahead: WriteAhead;
  ttlSeconds: number;
  /** Told the name of a spooled file that cannot be read. */
  putAside: (file: string) => void;
}

/** A call that anybody goes on with is asked for long before. */
const quietMs = 30_000;

export function createRecovery({ store, spool, ahead, ttlSeconds, putAside }: RecoveryParts): Recovery {
  const write = async (left: Left, stored: readonly CallEvent[]): Promise<readonly CallEvent[]> => {
    const events = joined(stored, left.events);
    const documents = missing(left.callId, events, new Set(stored.map(({ seq }) => seq)), ttlSeconds);
    if (documents.length > 0) await store.write(left.callId, documents);
    await left.forget();
    return events;
  };

  return {
    recall: async callId => {
      await spool.replay(store, putAside, callId);
      const [lefts, known] = await Promise.all([ahead.takeLeft({ callId }), store.call(callId)]);
      if (!known) return { events: [] };
      const [stored, facts] = await Promise.all([store.events(callId), store.facts(callId)]);
      let events: readonly CallEvent[] = stored;
      for (const left of lefts) events = await write(left, events);
      const mark = lefts.findLast(left => left.mark)?.mark;
      return { known, events, ...(mark && { mark }), ...(facts && { facts }) };
    },
    sweep: async () => {
      for (const left of await ahead.takeLeft({ quietMs })) await write(left, await store.events(left.callId));
    },
  };
}

/** Where both have a number, somebody went on with the call from what was stored. */
function joined(stored: readonly CallEvent[], left: readonly CallEvent[]): CallEvent[] {
  const bySeq = new Map([...left, ...stored].map(event => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The pages that hold what was not stored, whole, and the turns among it. */
function missing(
  callId: string,
  events: readonly CallEvent[],
  stored: ReadonlySet<number>,
  ttlSeconds: number,
): JournalDocument[] {
  const fresh = events.filter(({ seq }) => !stored.has(seq));
  const pages = [...new Set(fresh.map(({ seq }) => pageOf(seq)))];
  const speaker = (before: number) =>
    events.findLast(event => event.seq <= before && (event.type === 'agent-spoke' || event.type === 'media-opened'));
  return [
    ...pages.map(number =>
      eventPage(
        callId,
        number,
        events.filter(({ seq }) => pageOf(seq) === number),
        ttlSeconds,
      ),
    ),
    ...fresh.flatMap(event => {
      const by = speaker(event.seq);
      const agent = by?.type === 'agent-spoke' || by?.type === 'media-opened' ? by.agent : '';
      return turnDocument(callId, agent, event, ttlSeconds) ?? [];
    }),
  ];
}
