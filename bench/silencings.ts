import type { CallEvent } from '../contracts/call-event.ts';

/**
 * When the media host decided to be silent, by its own account: for a barge-in, and for a doubt in which it fell silent
 * with its sentence kept. Each decision writes one StopAudio; µs of the machine's monotonic clock, in order.
 */
export function silencingsOf(journal: readonly CallEvent[]): number[] {
  return journal
    .flatMap(event => {
      if (event.type === 'barge-in') return [event.decidedAtUs];
      if (event.type === 'floor-disputed' && event.outcome === 'given-back') return event.heldAtUs ?? [];
      return [];
    })
    .sort((a, b) => a - b);
}

/** For every StopAudio the decision before it, and what lies between; stops without one are left out. */
export function decisionsToStops(
  decidedUs: readonly number[],
  stopsUs: readonly number[],
): { decidedUs: number; tookMs: number }[] {
  return stopsUs.flatMap((atUs, i) => {
    const decided = decidedUs.findLast(us => us <= atUs);
    const before = stopsUs[i - 1] ?? Number.NEGATIVE_INFINITY;
    return decided === undefined || decided <= before ? [] : [{ decidedUs: decided, tookMs: (atUs - decided) / 1000 }];
  });
}
