import { withPerson } from './handoff.ts';
import type { CallRules, Control } from './state.ts';

/**
 * When the orchestration must act although nothing is reported. One alarm at a time, worked out anew after each event:
 * a durable timer cannot be shared by two waits, so there are no long-lived ones.
 */
export interface Alarm {
  what:
    | 'answer'
    | 'not-connected'
    | 'no-answer'
    | 'too-long'
    | 'idle'
    | 'look'
    | 'missing'
    | 'held'
    | 'hang-up-unreported';
  at: number;
}

/** The webhook answers in well under a second; if it died the caller should not ring on. */
export const answerWaitMs = 3_000;
/** How long an answered call may take to be reported as connected. */
export const connectWaitMs = 30_000;
/** How long somebody we call may let it ring; ACS gives up a little earlier. */
export const dialWaitMs = 120_000;
/** A spent context is either a caller who gave up or an answer whose report is on its way. */
export const unclearWaitMs = 4_000;
/** How long ACS may take to confirm a hang-up before the call counts as ended. */
export const hangUpWaitMs = 5_000;
/** ACS may drop a callback for good, so now and then it is asked whether the call is still there. */
export const lookEveryMs = 5 * 60_000;
/** After a transfer our leg ends; soon after, the carrier is asked. */
export const afterTransferMs = 5_000;
/** How long the carrier may take to say how a call ended that it no longer knows. */
export const missingWaitMs = 2_000;

export function lifeAlarm(state: Control, rules: CallRules): Alarm {
  const { life, begunAt, phaseSince, answerTried, unclearSince, hangUpAt, held, missingSince } = state;
  if (held) return { what: 'held', at: held.until };
  if (hangUpAt !== undefined) return { what: 'hang-up-unreported', at: hangUpAt + hangUpWaitMs };
  if (missingSince !== undefined) return { what: 'missing', at: missingSince + missingWaitMs };
  if (life.phase === 'ringing') {
    if (unclearSince !== undefined) return { what: 'not-connected', at: unclearSince + unclearWaitMs };
    if (rules.direction === 'out') return { what: 'no-answer', at: begunAt + dialWaitMs };
    if (!answerTried) return { what: 'answer', at: begunAt + answerWaitMs };
  }
  if (life.phase !== 'connected') return { what: 'not-connected', at: phaseSince + connectWaitMs };
  return soonest(
    { what: 'look', at: state.seenUpAt + (life.transferred ? afterTransferMs : lookEveryMs) },
    { what: 'idle', at: idleAt(state, rules) },
    { what: 'too-long', at: phaseSince + rules.maxCallMs },
  );
}

/** Neither the agent nor a person has been with the caller for so long. */
function idleAt(state: Control, { idleMs }: CallRules): number {
  const { media, phaseSince, handoff } = state;
  const somebody = handoff !== undefined && (media.state !== 'off' || withPerson(state));
  const deserted =
    media.state === 'none' || media.state === 'off' || (media.state === 'dead' && media.until === undefined);
  if (idleMs === undefined || somebody || !deserted) return Number.POSITIVE_INFINITY;
  return Math.max(phaseSince, media.since) + idleMs;
}

/** The first of those that come at one moment. */
export function soonest(...alarms: Alarm[]): Alarm {
  return alarms.reduce((first, next) => (next.at < first.at ? next : first));
}
