import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import type { FromJournal, ToJournal } from '../lanes/journal-lane.ts';
import type { Lane } from '../lanes/lane.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { RecalledCall } from './recovery.ts';
import type { HeardMark } from './resume.ts';

/** The journal lane as the media thread sees it: facts go in without waiting, questions have a deadline. */
export interface Archive {
  open(call: number, callId: string, agent: string, past: readonly CallEvent[]): CallJournal;
  /** What is stored of a call. @throws CallError STORE_UNAVAILABLE */
  recall(callId: string): Promise<RecalledCall>;
  /** What is remembered of a caller, or undefined. @throws CallError STORE_UNAVAILABLE, after 2 s at the latest */
  caller(callerHash: string): Promise<CallerMemory | undefined>;
  /** @throws CallError STORE_UNAVAILABLE */
  ping(): Promise<void>;
  hear(message: FromJournal): void;
}

export interface CallJournal {
  note(fact: CallFact): void;
  /** How far the agent's words have sounded, for who takes over; no part of the journal. */
  mark(mark: HeardMark): void;
  /** Everything noted is in the store or in the spool when this resolves. */
  close(): Promise<void>;
}

const answerWithinMs = 5000;
/** Whoever is greeted has picked up before. */
const callerWithinMs = 2000;
const bunchMs = 50;

export function createArchive(lane: Lane<ToJournal>, clock: Clock, metrics: Metrics): Archive {
  const closing = new Map<number, () => void>();
  const asked = new Map<number, (message: FromJournal) => void>();
  let asks = 0;

  const ask = (question: (ask: number) => ToJournal, withinMs = answerWithinMs): Promise<FromJournal> =>
    new Promise((resolve, reject) => {
      const number = ++asks;
      const settle = (message: FromJournal) => {
        forget();
        asked.delete(number);
        if (message.type === 'unanswered')
          reject(new CallError('STORE_UNAVAILABLE', { operation: 'a question', status: message.code }));
        else resolve(message);
      };
      const forget = clock.after(withinMs, () => settle({ type: 'unanswered', ask: number, code: 'silent' }));
      asked.set(number, settle);
      lane.post(question(number));
    });

  // Facts come in bunches at the very moments that matter (an interruption, an end): the other thread is woken after them.
  let bunch: ToJournal[] = [];
  const later = (message: ToJournal) => {
    if (bunch.length === 0) clock.after(bunchMs, pass);
    bunch.push(message);
  };
  const pass = () => {
    const messages = bunch;
    bunch = [];
    for (const message of messages) lane.post(message);
  };

  return {
    open: (call, callId, agent, past) => {
      lane.post({ type: 'open', call, callId, agent, past });
      return {
        note: fact => later({ type: 'note', call, fact, at: clock.now() }),
        mark: mark => later({ type: 'mark', call, mark }),
        close: () =>
          new Promise(resolve => {
            closing.set(call, resolve);
            later({ type: 'close', call });
          }),
      };
    },
    recall: async callId => {
      const message = await ask(number => ({ type: 'recall', ask: number, callId }));
      if (message.type !== 'recalled') return { events: [] };
      const { type: _, ask: __, ...recalled } = message;
      return recalled;
    },
    caller: async callerHash => {
      const message = await ask(number => ({ type: 'caller', ask: number, callerHash }), callerWithinMs);
      return message.type === 'remembered' ? message.memory : undefined;
    },
    ping: async () => {
      await ask(number => ({ type: 'ping', ask: number }));
    },
    hear: message => {
      switch (message.type) {
        case 'closed':
          closing.get(message.call)?.();
          closing.delete(message.call);
          return;
        case 'troubled':
          return metrics.count('store-failures');
        case 'spooled':
          return metrics.count('journals-spooled');
        case 'unreadable':
          return metrics.count('journals-unreadable');
        default:
          asked.get(message.ask)?.(message);
      }
    },
  };
}
