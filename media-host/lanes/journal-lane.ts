import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import type { Clock } from '../clock.ts';
import { createJournal, type Journal, type Spool } from '../journal/journal.ts';
import type { RecalledCall, Recovery } from '../journal/recovery.ts';
import type { HeardMark } from '../journal/resume.ts';
import type { AheadFile, WriteAhead } from '../journal/write-ahead.ts';
import type { Store } from '../store.ts';
import type { LaneModule, Post } from './lane.ts';

/**
 * The journal lane: everything that is said to Cosmos DB, for all calls. A request to it costs a millisecond of work,
 * which the media thread does not have.
 */
export type ToJournal =
  | { type: 'open'; call: number; callId: string; agent: string; past: readonly CallEvent[] }
  | { type: 'note'; call: number; fact: CallFact; at: number }
  /** How far the agent's words have sounded: for the disk, not for the journal. */
  | { type: 'mark'; call: number; mark: HeardMark }
  | { type: 'close'; call: number }
  /** What is stored of a call that this host was not told about. */
  | { type: 'recall'; ask: number; callId: string }
  /** What is remembered of a caller. */
  | { type: 'caller'; ask: number; callerHash: string }
  | { type: 'ping'; ask: number };

export type FromJournal =
  /** The call's journal is in the store, or in the spool. */
  | { type: 'closed'; call: number }
  | { type: 'troubled'; call: number; code: string }
  | { type: 'spooled'; call: number }
  /** A spooled journal could not be read and was put aside. */
  | { type: 'unreadable' }
  | ({ type: 'recalled'; ask: number } & RecalledCall)
  | { type: 'remembered'; ask: number; memory: CallerMemory | undefined }
  | { type: 'answered'; ask: number }
  | { type: 'unanswered'; ask: number; code: string };

export interface JournalParts {
  store: Store;
  spool: Spool;
  ahead: Pick<WriteAhead, 'file'>;
  recovery: Pick<Recovery, 'recall'>;
  clock: Clock;
  ttlSeconds: number;
}

export function journalLane(
  post: Post<FromJournal>,
  { store, spool, ahead, recovery, clock, ttlSeconds }: JournalParts,
): LaneModule<ToJournal> {
  const journals = new Map<number, { journal: Journal; file: AheadFile }>();

  const open = ({ call, callId, agent, past }: Extract<ToJournal, { type: 'open' }>) => {
    const file = ahead.file(callId);
    const journal = createJournal({
      callId,
      agent,
      past,
      store,
      pages: store,
      ahead: file,
      clock,
      ttlSeconds,
      spool: {
        keep: (id, documents) => {
          post({ type: 'spooled', call });
          return spool.keep(id, documents);
        },
      },
      troubled: code => post({ type: 'troubled', call, code }),
    });
    journals.set(call, { journal, file });
  };

  const close = async (call: number) => {
    await journals.get(call)?.journal.close();
    journals.delete(call);
    post({ type: 'closed', call });
  };

  const answer = async (ask: number, work: () => Promise<FromJournal>) => {
    try {
      post(await work());
    } catch (error) {
      const { code } = error as { code?: unknown };
      post({ type: 'unanswered', ask, code: String(code ?? 'unreachable') });
    }
  };

  return {
    receive: message => {
      switch (message.type) {
        case 'open':
          return open(message);
        case 'note':
          journals.get(message.call)?.journal.note(message.fact, message.at);
          return;
        case 'mark':
          journals.get(message.call)?.file.mark(message.mark);
          return;
        case 'close':
          void close(message.call);
          return;
        case 'recall':
          void answer(message.ask, async () => ({
            type: 'recalled',
            ask: message.ask,
            ...(await recovery.recall(message.callId)),
          }));
          return;
        case 'caller':
          void answer(message.ask, async () => ({
            type: 'remembered',
            ask: message.ask,
            memory: await store.caller(message.callerHash),
          }));
          return;
        case 'ping':
          void answer(message.ask, async () => {
            await store.ping();
            return { type: 'answered', ask: message.ask };
          });
      }
    },
    close: async () => {
      await Promise.all([...journals.keys()].map(close));
    },
  };
}
