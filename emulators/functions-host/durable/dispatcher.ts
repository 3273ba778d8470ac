/*
 * Runs work by key: never two runs of one key at a time, at most `limit` at once, and a key that is woken while it
 * runs is run again. It starts at the moment of `wake`, or with `one-a-turn` right after what the event loop has to
 * serve; nothing polls.
 */

export interface DispatcherOptions<Key> {
  limit: number;
  run: (key: Key) => Promise<void>;
  onError: (key: Key, error: unknown) => void;
  /**
   * `one-a-turn`: each turn of the event loop begins one run, so that long runs hold up no request by more than one of
   * them, and what is woken again meanwhile runs once.
   * @default 'at-once'
   */
  begins?: 'at-once' | 'one-a-turn';
}

export class Dispatcher<Key> {
  #options: DispatcherOptions<Key>;
  #waiting = new Set<Key>();
  #running = new Map<Key, Promise<void>>();
  #stopped = false;
  #turn: NodeJS.Immediate | undefined;

  constructor(options: DispatcherOptions<Key>) {
    this.#options = options;
  }

  wake(key: Key): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    this.#begin();
  }

  /** Starts nothing more; resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await Promise.allSettled(this.#running.values());
  }

  #begin(): void {
    if (this.#options.begins !== 'one-a-turn') {
      while (this.#beginOne());
      return;
    }
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      if (this.#beginOne() && this.#waiting.size > 0) this.#begin();
    });
  }

  /** @returns whether there was one to begin */
  #beginOne(): boolean {
    if (this.#stopped || this.#running.size >= this.#options.limit) return false;
    for (const key of this.#waiting) {
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
      return true;
    }
    return false;
  }

  async #run(key: Key): Promise<void> {
    try {
      await this.#options.run(key);
    } catch (error) {
      this.#options.onError(key, error);
    } finally {
      this.#running.delete(key);
      if (!this.#stopped) this.#begin();
    }
  }
}
