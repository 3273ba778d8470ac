import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * How long this thread's event loop kept others waiting lately. A percentile hides the one block that a caller hears, so
 * the maximum is always told beside it. Measured in native code: it costs the loop nothing it would notice.
 */
export interface LoopDelay {
  /** Milliseconds over the last one to two windows. */
  read(): { p50Ms: number; p99Ms: number; maxMs: number };
  close(): void;
}

export interface LoopDelayOptions {
  /** A block may be this much longer than it is told. @default 5 */
  everyMs?: number;
  /** @default 60000 */
  windowMs?: number;
}

export function watchLoopDelay({ everyMs = 5, windowMs = 60_000 }: LoopDelayOptions = {}): LoopDelay {
  let current = monitorEventLoopDelay({ resolution: everyMs });
  let last = current;
  current.enable();
  const timer = setInterval(() => {
    current.disable();
    last = current;
    current = monitorEventLoopDelay({ resolution: everyMs });
    current.enable();
  }, windowMs);
  timer.unref();

  // Node tells the whole distance of two looks; what is above the wanted distance is delay.
  const delayMs = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / 10_000 - everyMs * 100) / 100);
  return {
    read: () => ({
      p50Ms: delayMs(Math.max(current.percentile(50), last.percentile(50))),
      p99Ms: delayMs(Math.max(current.percentile(99), last.percentile(99))),
      maxMs: delayMs(Math.max(current.max, last.max)),
    }),
    close: () => {
      clearInterval(timer);
      current.disable();
    },
  };
}
