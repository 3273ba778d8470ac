import type { OrderReply } from '../acs/orders.ts';
import { mayBeUnderWay, unreached } from '../acs/unreached.ts';
import type { StageEnd } from './consult.ts';
import { type Handoff, handedOver, nextTarget, transferred } from './handoff.ts';
import { andThen, type CallRules, type Control, type Step, stay } from './state.ts';

/** One person, to whom the carrier moves the caller: it cannot be taken back, and when it succeeds the call leaves us. */

export function replied(state: Control, reply: OrderReply | undefined, now: number, rules: CallRules): Step {
  if (reply?.outcome === 'asked' || reply?.outcome === 'done') return stay(state);
  // One that was given up on may be what is under way; then this one never will be.
  const another = state.strays.some(stray => stray.kind === 'transfer');
  if (reply?.outcome === 'refused' && mayBeUnderWay(reply.code) && !another) return stay(state);
  return nextTarget(state, 'failed', now, rules);
}

export function stageEnded(state: Control, handoff: Handoff, event: StageEnd, now: number, rules: CallRules): Step {
  if (handoff.stage !== 'transferring' || event.context !== handoff.context) return stay(state);
  if (event.end !== 'succeeded') return nextTarget(state, unreached(event.code, event.subCode), now, rules);
  return andThen(handedOver(state, now, rules), next => stay(transferred(next, now)));
}

export const stageOverdue = (state: Control, now: number, rules: CallRules): Step =>
  nextTarget(state, 'no-answer', now, rules);
