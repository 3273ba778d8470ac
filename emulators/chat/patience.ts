import type { ServerResponse } from 'node:http';

/** Waits for one response; ends every wait when the client goes away, so no timer outlives its request. */
export type Patience = {
  /** Waits until `dueMs` on the clock of `performance.now()`; false when the client is gone. */
  until(dueMs: number): Promise<boolean>;
  /** Waits until the socket takes more; false when the client is gone. */
  drained(): Promise<boolean>;
  /** Waits until the client goes away. */
  forEver(): Promise<false>;
};

export function patienceWith(res: ServerResponse): Patience {
  let wake: ((alive: boolean) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const sleep = () =>
    new Promise<boolean>(resolve => {
      wake = resolve;
    });
  res.once('close', () => {
    clearTimeout(timer);
    wake?.(false);
  });
  res.on('drain', () => wake?.(true));
  return {
    async until(dueMs) {
      while (!res.destroyed) {
        const left = dueMs - performance.now();
        if (left <= 0) return true;
        timer = setTimeout(() => wake?.(true), left);
        if (!(await sleep())) return false;
        clearTimeout(timer);
      }
      return false;
    },
    async drained() {
      while (!res.destroyed && res.writableNeedDrain) if (!(await sleep())) return false;
      return !res.destroyed;
    },
    async forEver() {
      while (!res.destroyed) if (!(await sleep())) return false;
      return false;
    },
  };
}
