import type { Clock } from '../clock.ts';

/** One moment that is waited for: set anew, it takes the place of the one before. */
export interface Alarm {
  /** Undefined: nothing is waited for any more. */
  set(at: number | undefined): void;
}

/** @param ring told what time it is, which is never before the moment itself: timers may be early */
export function createAlarm(clock: Clock, ring: (at: number) => void): Alarm {
  let next: { at: number; forget: () => void } | undefined;
  return {
    set: at => {
      if (at === next?.at) return;
      next?.forget();
      next = undefined;
      if (at === undefined) return;
      const forget = clock.after(Math.max(0, at - clock.now()), () => {
        next = undefined;
        ring(Math.max(clock.now(), at));
      });
      next = { at, forget };
    },
  };
}
