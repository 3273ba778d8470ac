import type { Clock } from '../clock.ts';

/**
 * The time of a rehearsed call. What falls due runs at its exact time, and all that follows from it without waiting is
 * done before the next: promises settle between two moments, never across one.
 */
export interface StageClock extends Clock {
  pass(ms: number): Promise<void>;
  /** Timers that have not run. */
  waiting(): number;
}

/** Lets everything run that waits for nothing but its turn. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

export function stageClock(startMs = Date.UTC(2026, 10, 20, 12)): StageClock {
  let time = startMs;
  const timers = new Set<{ at: number; run: () => void }>();

  const nextUntil = (end: number) => {
    let next: { at: number; run: () => void } | undefined;
    for (const timer of timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  };

  const after: Clock['after'] = (ms, run) => {
    const timer = { at: time + Math.max(0, Math.ceil(ms)), run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };

  return {
    now: () => time,
    monotonicUs: () => (time - startMs) * 1000,
    after,
    waiting: () => timers.size,
    pass: async ms => {
      const end = time + ms;
      for (let next = nextUntil(end); next; next = nextUntil(end)) {
        timers.delete(next);
        time = Math.max(time, next.at);
        next.run();
        await settled();
      }
      time = end;
    },
  };
}
