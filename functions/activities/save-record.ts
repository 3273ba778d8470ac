import type { CallLife } from '../../contracts/call-life.ts';
import { type CallOpening, callRecord } from '../../contracts/call-record.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';

export interface SaveRecordInput {
  opening: CallOpening;
  life: CallLife;
  /** Save what there is even if the media host has not closed the journal. */
  lastLook: boolean;
}

export interface SaveRecordResult {
  saved: boolean;
}

/** Revisions of the call document: the gate makes 0. */
export const connectedRev = 1;
export const finalRev = 2;

/**
 * Writes the call document as its life and journal stand: a note while the call is up, the whole record at its end.
 * A call that was answered waits for the end of its journal; one that was not has none.
 */
export async function saveRecord(store: Store, input: SaveRecordInput, log: Log): Promise<SaveRecordResult> {
  const { opening, life, lastLook } = input;
  if (life.phase !== 'ended') {
    await store.noteConnected(opening.callId, life, connectedRev);
    return { saved: true };
  }
  const journal = await store.journal(opening.callId);
  const record = callRecord(opening, life, journal.events, finalRev);
  if (record.answered && !record.journal.closed && !lastLook) return { saved: false };
  await store.save(record);
  if (journal.unreadable > 0) log.warn('journal.unreadable', { callId: opening.callId, count: journal.unreadable });
  log.info('call.recorded', {
    callId: opening.callId,
    reason: record.endReason ?? '',
    status: record.outcome,
    count: record.journal.events,
  });
  return { saved: true };
}
