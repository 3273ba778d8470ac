/**
 * Waiting for something to become true of a call: looked at after every event and every ear frame, and given up with a
 * sentence that says what was waited for.
 */
export interface Wait {
  /** What is waited for, as the end of "waited 5000 ms for …". */
  what: string;
  timeoutMs: number;
}

export interface Waiting {
  until<T>(look: () => T | undefined, wait: Wait): Promise<T>;
  /** Something has changed: look again. */
  changed(): void;
  /** Nothing more will come: everybody who still waits gets this error's sentence. */
  over(why: string): void;
}

interface Waiter {
  /** True when it has got what it waited for. */
  look(): boolean;
  fail(why: string): void;
}

export function createWaiting(describe: () => string): Waiting {
  const waiters = new Set<Waiter>();
  let overWhy: string | undefined;
  return {
    until<T>(look: () => T | undefined, { what, timeoutMs }: Wait): Promise<T> {
      const now = look();
      if (now !== undefined) return Promise.resolve(now);
      if (overWhy !== undefined) return Promise.reject(new Error(`${overWhy}; no use waiting for ${what}.`));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(waiter);
          reject(new Error(`Waited ${timeoutMs} ms for ${what}. ${describe()}`));
        }, timeoutMs);
        const waiter: Waiter = {
          look() {
            const found = look();
            if (found === undefined) return false;
            clearTimeout(timer);
            resolve(found);
            return true;
          },
          fail(why) {
            clearTimeout(timer);
            reject(new Error(`${why} while waiting for ${what}. ${describe()}`));
          },
        };
        waiters.add(waiter);
      });
    },
    changed() {
      for (const waiter of waiters) if (waiter.look()) waiters.delete(waiter);
    },
    over(why) {
      overWhy = why;
      for (const waiter of waiters) if (!waiter.look()) waiter.fail(why);
      waiters.clear();
    },
  };
}
