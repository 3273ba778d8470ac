import type { CallLife } from '../contracts/call-life.ts';

/**
 * When the orchestration must act although nothing is reported. One alarm at a time, worked out anew after each event:
 * a durable timer cannot be shared by two waits, so there are no long-lived ones.
 */
export interface Watch {
  life: CallLife;
  /** Epoch milliseconds at which the orchestration began, and at which it last saw the phase change. */
  begunAt: number;
  phaseSince: number;
  /** We have run the answer ourselves. */
  answerTried: boolean;
  /** The ring's context was spent without our knowing by whom. */
  unclearSince?: number;
  hangUpAt?: number;
  /** Last time the carrier confirmed that the call is up. */
  seenUpAt: number;
  maxCallMs: number;
}

export type Alarm =
  | { what: 'answer'; at: number }
  | { what: 'not-connected'; at: number }
  | { what: 'too-long'; at: number }
  | { what: 'look'; at: number }
  | { what: 'hang-up-unreported'; at: number };

/** The webhook answers in well under a second; if it died the caller should not ring on. */
export const answerWaitMs = 3_000;
/** How long an answered call may take to be reported as connected. */
export const connectWaitMs = 30_000;
/** A spent context is either a caller who gave up or an answer whose report is on its way. */
export const unclearWaitMs = 4_000;
/** How long ACS may take to confirm a hang-up before the call counts as ended. */
export const hangUpWaitMs = 5_000;
/** ACS may drop a callback for good, so now and then it is asked whether the call is still there. */
export const lookEveryMs = 5 * 60_000;

export function nextAlarm(watch: Watch): Alarm {
  const { life, begunAt, phaseSince, answerTried, unclearSince, hangUpAt, seenUpAt, maxCallMs } = watch;
  if (hangUpAt !== undefined) return { what: 'hang-up-unreported', at: hangUpAt + hangUpWaitMs };
  if (life.phase === 'ringing') {
    if (unclearSince !== undefined) return { what: 'not-connected', at: unclearSince + unclearWaitMs };
    if (!answerTried) return { what: 'answer', at: begunAt + answerWaitMs };
  }
  if (life.phase !== 'connected') return { what: 'not-connected', at: phaseSince + connectWaitMs };
  const tooLong = phaseSince + maxCallMs;
  const look = seenUpAt + lookEveryMs;
  return look < tooLong ? { what: 'look', at: look } : { what: 'too-long', at: tooLong };
}
