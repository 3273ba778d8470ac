/** Sends answers after a delay, always in the order in which they were given: a late final never overtakes a later one. */

export interface Answers {
  give(delayMs: number, send: () => void): void;
  /** Drops what has not been sent yet. */
  drop(): void;
}

export function createAnswers(): Answers {
  const waiting: { due: number; send: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function run(): void {
    timer = undefined;
    while (waiting.length > 0) {
      // A timer may fire a fraction of a millisecond early.
      const ms = waiting[0]!.due - performance.now();
      if (ms > 0.5) {
        timer = setTimeout(run, ms);
        return;
      }
      waiting.shift()!.send();
    }
  }

  return {
    give(delayMs, send) {
      if (delayMs <= 0 && waiting.length === 0) {
        send();
        return;
      }
      const due = Math.max(performance.now() + delayMs, waiting.at(-1)?.due ?? 0);
      waiting.push({ due, send });
      timer ??= setTimeout(run, delayMs);
    },
    drop() {
      clearTimeout(timer);
      timer = undefined;
      waiting.length = 0;
    },
  };
}
