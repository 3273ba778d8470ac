/** Time as an argument: production runs on the machine's clock, tests on one they move themselves. */
export interface Clock {
  /** Epoch milliseconds, as integers. */
  now(): number;
  /** Monotonic microseconds, the same scale in every thread and process of the machine. */
  monotonicUs(): number;
  /** Calls `run` once, `ms` from now. @returns a function that forgets it. */
  after(ms: number, run: () => void): () => void;
}

export const machineClock: Clock = {
  now: () => Date.now(),
  monotonicUs: () => Number(process.hrtime.bigint() / 1000n),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until `advance` moves it; what falls due runs in order of its time, `waiting` counts the rest. */
export function virtualClock(startMs = 1_750_000_000_000): Clock & { advance(ms: number): void; waiting(): number } {
  let time = startMs;
  let order = 0;
  const waiting = new Map<number, { at: number; run: () => void }>();
  return {
    now: () => time,
    monotonicUs: () => (time - startMs) * 1000,
    waiting: () => waiting.size,
    after: (ms, run) => {
      const id = order++;
      waiting.set(id, { at: time + Math.max(0, ms), run });
      return () => void waiting.delete(id);
    },
    advance: ms => {
      const end = time + ms;
      for (;;) {
        let next: [number, { at: number; run: () => void }] | undefined;
        for (const entry of waiting) if (entry[1].at <= end && (!next || entry[1].at < next[1].at)) next = entry;
        if (!next) break;
        waiting.delete(next[0]);
        time = Math.max(time, next[1].at);
        next[1].run();
      }
      time = end;
    },
  };
}
