import type { Child, Exit } from './child.ts';

/**
 * Keeps one program running, as a platform would: when it dies it is started again in its old place, at once the first
 * time and more slowly when it keeps dying.
 */
export interface Supervised {
  current(): Child;
  /** Stops it in order and starts it again; settles when it is ready. */
  restart(): Promise<void>;
  /** Settles when it runs: at once, or when it was started again. */
  up(): Promise<void>;
  /** Stops it for good. */
  stop(graceMs?: number): Promise<void>;
}

export interface SupervisedOptions {
  start: () => Promise<Child>;
  /** Told when it died unasked, and when a restart failed. */
  onDeath?: (exit: Exit, lastLines: string) => void;
  /** Told when it runs again. */
  onRestart?: (child: Child, ms: number) => void;
  onFailure?: (error: unknown) => void;
  /** Wait before the first restart. @default 50 */
  waitMs?: number;
  /** Longest wait between restarts. @default 5000 */
  longestWaitMs?: number;
}

export async function supervise(options: SupervisedOptions): Promise<Supervised> {
  const { start, onDeath, onRestart, onFailure, waitMs = 50, longestWaitMs = 5000 } = options;
  let child = await start();
  let startedAt = performance.now();
  let wait = waitMs;
  let stopping = false;
  let dead = false;
  let pause: { timer: NodeJS.Timeout; end: () => void } | undefined;
  let reviving: Promise<void> | undefined;

  const watch = (watched: Child) => {
    dead = false;
    void watched.exited.then(exit => {
      if (stopping || child !== watched) return;
      dead = true;
      onDeath?.(exit, watched.lastLines());
      if (performance.now() - startedAt > longestWaitMs) wait = waitMs;
      reviving = revive();
    });
  };

  const revive = async () => {
    const diedAt = performance.now();
    while (!stopping) {
      await new Promise<void>(resolve => {
        pause = { end: resolve, timer: setTimeout(resolve, wait) };
      });
      wait = Math.min(wait * 2, longestWaitMs);
      if (stopping) return;
      try {
        startedAt = performance.now();
        child = await start();
        watch(child);
        onRestart?.(child, Math.round(performance.now() - diedAt));
        return;
      } catch (error) {
        onFailure?.(error);
      }
    }
  };

  const halt = async (graceMs?: number) => {
    stopping = true;
    if (pause) {
      clearTimeout(pause.timer);
      pause.end();
    }
    await reviving;
    await child.stop(graceMs);
  };

  watch(child);
  return {
    current: () => child,
    up: async () => {
      while (dead && !stopping) await reviving;
    },
    stop: halt,
    restart: async () => {
      await halt();
      stopping = false;
      startedAt = performance.now();
      child = await start();
      watch(child);
    },
  };
}
