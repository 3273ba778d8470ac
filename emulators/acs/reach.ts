/**
 * Rings somebody for the app: a registered phone, an identity of this resource (which raises a new IncomingCall), or
 * nobody in particular, who does what the switches say.
 */
import type { Conversation } from './conversation.ts';
import type { Exchange } from './exchange.ts';
import type { Outcome } from './faults.ts';
import type { Identifier } from './identifiers.ts';
import { isAddressOf } from './identifiers.ts';
import type { PhoneLine } from './phone/phone-line.ts';
import { openRing } from './ring.ts';

export type Reached =
  | { outcome: 'answer'; line?: PhoneLine; isApp?: boolean }
  | { outcome: Exclude<Outcome, 'answer'> }
  | { outcome: 'cancelled' };

export interface Reaching {
  result: Promise<Reached>;
  /** The app changed its mind. @returns false when it is too late. */
  cancel(): boolean;
}

/** @param timeoutMs how long it rings before `no-answer`. */
export function reach(
  exchange: Exchange,
  conversation: Conversation,
  from: Identifier | undefined,
  to: Identifier,
  timeoutMs: number,
): Reaching {
  let resolve: (reached: Reached) => void = () => undefined;
  const result = new Promise<Reached>(settleWith => {
    resolve = settleWith;
  });
  let settled = false;
  let whenSettled: (reached: Reached) => void = () => undefined;
  const settle = (reached: Reached) => {
    if (settled) return false;
    settled = true;
    stopTimer();
    whenSettled(reached);
    resolve(reached);
    return true;
  };
  const stopTimer = exchange.alarms.after(timeoutMs, () => settle({ outcome: 'no-answer' }));

  const phone = [...exchange.phones].find(candidate => candidate.isFree && candidate.identifier.rawId === to.rawId);
  if (phone) {
    whenSettled = reached => {
      if (reached.outcome === 'cancelled' || reached.outcome === 'no-answer') phone.stopRinging('no-answer');
      if (reached.outcome === 'decline') phone.stopRinging('rejected');
    };
    void phone.ring(from, conversation.correlationId).then(chosen => {
      if (chosen === 'answer') settle({ outcome: 'answer', line: phone.line });
      else settle({ outcome: chosen === 'decline' ? 'decline' : 'unavailable' });
    });
  } else if (exchange.faults.ownedIds.some(owned => isAddressOf(owned, to))) {
    const outcomes = { answered: 'answer', rejected: 'decline', redirected: 'decline' } as const;
    const ring = openRing(exchange, {
      from: from ?? exchange.newIdentity(),
      to,
      conversation,
      onSettled: state => {
        if (state === 'answered') settle({ outcome: 'answer', isApp: true });
        else settle({ outcome: state === 'missed' || state === 'abandoned' ? 'no-answer' : outcomes[state] });
      },
    });
    whenSettled = reached => {
      if (reached.outcome === 'cancelled' || reached.outcome === 'no-answer') ring.settle('abandoned');
    };
    exchange.grid.deliver([ring.event]);
  } else {
    const named = Object.entries(exchange.faults.outcomes).find(([address]) => isAddressOf(address, to));
    const outcome = named?.[1] ?? exchange.faults.outcome;
    if (outcome !== 'no-answer') exchange.alarms.after(exchange.faults.outcomeAfterMs, () => settle({ outcome }));
  }
  return { result, cancel: () => settle({ outcome: 'cancelled' }) };
}
