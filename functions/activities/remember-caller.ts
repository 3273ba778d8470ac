import type { CallLife } from '../../contracts/call-life.ts';
import { type CallOpening, callRecord } from '../../contracts/call-record.ts';
import { leftByCall } from '../callers/left-by-call.ts';
import type { CallerMemories } from '../callers/memories.ts';
import type { Store } from '../store.ts';
import { finalRev } from './save-record.ts';

export interface RememberCallerInput {
  opening: CallOpening;
  life: CallLife;
}

/** Merges what an ended call has left into what is remembered of its caller; however often it runs, once. */
export async function rememberCaller(
  { store, memories }: { store: Pick<Store, 'journal'>; memories: Pick<CallerMemories, 'add'> },
  { opening, life }: RememberCallerInput,
): Promise<{ facts: number }> {
  const { events } = await store.journal(opening.callId);
  const left = leftByCall(callRecord(opening, life, events, finalRev), events);
  await memories.add(opening.callerHash, left);
  return { facts: Object.keys(left.facts).length };
}
