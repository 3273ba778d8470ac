/**
 * One timer paces all calls. Each call is served every 20 ms, in one of four slots 5 ms apart, so that a hundred calls
 * do not all write in the same instant. The schedule is absolute: a late tick is made up for, never added.
 */
const slotMs = 5;
const slots = 4;

export interface Ticker {
  /** Calls `tick` every 20 ms from now on. @returns a function that ends it. */
  join(tick: () => void): () => void;
  close(): void;
}

export function createTicker(): Ticker {
  const members: Set<() => void>[] = Array.from({ length: slots }, () => new Set());
  let timer: NodeJS.Timeout | undefined;
  let slot = 0;
  let due = 0;

  const run = () => {
    const now = performance.now();
    // After a stall of the whole process the missed slots are skipped: each call's own clock makes up for its frames.
    if (now - due > slots * slotMs) due = now;
    for (const tick of members[slot] ?? []) tick();
    slot = (slot + 1) % slots;
    due += slotMs;
    timer = setTimeout(run, Math.max(0, due - performance.now()));
  };

  return {
    join: tick => {
      const emptiest = members.reduce((best, group) => (group.size < best.size ? group : best));
      emptiest.add(tick);
      if (!timer) {
        due = performance.now();
        timer = setTimeout(run, 0);
      }
      return () => {
        emptiest.delete(tick);
        if (timer && members.every(group => group.size === 0)) {
          clearTimeout(timer);
          timer = undefined;
        }
      };
    },
    close: () => {
      clearTimeout(timer);
      timer = undefined;
      for (const group of members) group.clear();
    },
  };
}
