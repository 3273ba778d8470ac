/**
 * Runs a look-up again that threw, after a short pause that grows and is never quite the same: many calls that fail in
 * one moment do not come back in one moment. No pause is begun that the time left does not hold.
 */
export interface Attempts {
  /** Runs, the first included. */
  most: number;
  /** Epoch ms after which the result is of no use. */
  until: number;
  now(): number;
  after(ms: number, run: () => void): () => void;
  /** 0 to 1. */
  chance(): number;
}

const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** Between half and all of 100, 200, 400 … ms. @param failed runs so far */
export function pauseMs(failed: number, chance: number): number {
  return Math.round(Math.min(longestPauseMs, firstPauseMs * 2 ** (failed - 1)) * (0.5 + chance / 2));
}

/** @throws what the last run threw */
export async function attempt(run: () => unknown, attempts: Attempts, signal: AbortSignal): Promise<unknown> {
  const { most, until, now, after, chance } = attempts;
  for (let failed = 0; ; ) {
    try {
      return await run();
    } catch (error) {
      failed += 1;
      const ms = pauseMs(failed, chance());
      if (failed >= most || signal.aborted || now() + ms >= until) throw error;
      await new Promise<void>(resolve => {
        const forget = after(ms, resolve);
        signal.addEventListener('abort', () => {
          forget();
          resolve();
        });
      });
      if (signal.aborted) throw error;
    }
  }
}
