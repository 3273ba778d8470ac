/*
 * One setTimeout for whatever is due next. The system clock decides what is due; an early or late timer only asks again.
 */

const longestTimeoutMs = 2 ** 31 - 1;

export interface DueTimerOptions {
  now: () => number;
  /** Time of the next message that is not due yet. */
  nextDueAfter: (now: number) => number | undefined;
  /** Called with the time it read, so that "due now" and "due later" never overlap or leave a gap. */
  onDue: (now: number) => void;
}

export class DueTimer {
  #options: DueTimerOptions;
  #timeout: NodeJS.Timeout | undefined;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(options: DueTimerOptions) {
    this.#options = options;
  }

  /** Wakes at `at`, unless something earlier will. */
  notBefore(at: number): void {
    if (at < this.#armedFor) this.#arm(at);
  }

  /** Hands out what is due and arms for the rest. */
  fire(): void {
    const now = this.#options.now();
    this.stop();
    this.#options.onDue(now);
    const next = this.#options.nextDueAfter(now);
    if (next !== undefined) this.notBefore(next);
  }

  stop(): void {
    clearTimeout(this.#timeout);
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #arm(at: number): void {
    clearTimeout(this.#timeout);
    this.#armedFor = at;
    const delayMs = Math.min(Math.max(at - this.#options.now(), 1), longestTimeoutMs);
    this.#timeout = setTimeout(() => this.fire(), delayMs);
  }
}
