/** Carries out what it is given in the order it came, each not before it is due: what is late is not overtaken. */
export interface Courier {
  /** At once when nothing waits and `byMs` is 0. What waits is bounded only by what is sent within `byMs`. */
  send(byMs: number, run: () => void): void;
  /** Forgets what waits. */
  stop(): void;
}

export function createCourier(): Courier {
  let waiting: { dueMs: number; run: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function work(): void {
    timer = undefined;
    let next = waiting[0];
    while (next && next.dueMs <= performance.now()) {
      waiting.shift();
      next.run();
      next = waiting[0];
    }
    if (next) timer ??= setTimeout(work, Math.ceil(next.dueMs - performance.now()));
  }

  return {
    send(byMs, run) {
      if (byMs === 0 && waiting.length === 0) return run();
      waiting.push({ dueMs: performance.now() + byMs, run });
      timer ??= setTimeout(work, byMs);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
    },
  };
}
