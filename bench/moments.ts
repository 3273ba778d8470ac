/**
 * What the media host wrote of its own doings in a call, on the machine's monotonic clock, so that it can be laid beside what
 * was heard. Events carry either monotonic times or the time of day; both clocks are read here to match them.
 */
import type { Database } from '@azure/cosmos';
import type { CallEvent } from '../contracts/call-event.ts';
import { journalOf } from './journal.ts';

export interface Moments {
  /** When it decided to fall silent. */
  decisionsUs: readonly number[];
  /** When it took a turn as over. */
  turnsTakenUs: readonly number[];
  /** How its doubts about who has the floor ended. */
  doubts: readonly { outcome: string; atUs: number }[];
  /** Everything, for one who looks at a single call. */
  events: readonly { atUs: number; event: CallEvent }[];
}

const patienceMs = 5000;

/** The moments of a call that is over, once its journal is whole or five seconds have passed. */
export async function momentsOf(store: Database, callId: string): Promise<Moments> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const events = await journalOf(store, callId);
    if (events.some(({ type }) => type === 'media-closed') || performance.now() > deadline) return toMoments(events);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

function toMoments(journal: readonly CallEvent[]): Moments {
  const offsetUs = Number(process.hrtime.bigint() / 1000n) - Date.now() * 1000;
  const events = journal.map(event => ({ atUs: event.at * 1000 + offsetUs, event }));
  const openedUs = events.find(({ event }) => event.type === 'media-opened')?.atUs ?? 0;
  return {
    events,
    decisionsUs: journal.flatMap(event => (event.type === 'barge-in' ? [event.decidedAtUs] : [])),
    doubts: journal.flatMap(event =>
      event.type === 'floor-disputed' ? [{ outcome: event.outcome, atUs: event.atUs }] : [],
    ),
    turnsTakenUs: journal.flatMap(event =>
      event.type === 'agent-spoke' && event.replyMs !== undefined && event.endOfTurnMs !== undefined
        ? [openedUs + (event.startMs - event.replyMs + event.endOfTurnMs) * 1000]
        : [],
    ),
  };
}
