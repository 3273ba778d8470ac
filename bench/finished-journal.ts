import type { Database } from '@azure/cosmos';
import type { CallEvent } from '../contracts/call-event.ts';
import { journalOf } from './journal.ts';

const patienceMs = 5000;

/** The journal of a call that is over, once it is whole; after five seconds, what is there. */
export async function finishedJournal(store: Database, callId: string): Promise<CallEvent[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const events = await journalOf(store, callId);
    if (events.some(({ type }) => type === 'media-closed') || performance.now() > deadline) return events;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
