import type { Call } from '../call.ts';
import type { Calls } from '../calls.ts';
import type { Clock } from '../clock.ts';

/**
 * Empties the host without a caller noticing: nobody new is taken, each call leaves at its next turn boundary for the
 * carrier to connect again elsewhere, and what has found none when patience ends is closed with its journal kept.
 */
export async function drainCalls(
  calls: Pick<Calls, 'closeDoors' | 'all'>,
  { clock, patienceMs }: { clock: Clock; patienceMs: number },
): Promise<void> {
  calls.closeDoors();
  const patience = Promise.withResolvers<void>();
  const forget = clock.after(patienceMs, patience.resolve);
  const leaving = calls.all();
  for (const call of leaving) call.move();
  await Promise.race([gone(leaving), patience.promise]);
  forget();
  const late = calls.all();
  for (const call of late) void call.end('drained', 1012);
  await gone(late);
}

const gone = (calls: readonly Call[]) => Promise.all(calls.map(call => call.ended));
