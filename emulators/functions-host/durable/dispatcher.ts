/*
 * Runs work by key: never two runs of one key at a time, at most `limit` at once, and a key that is woken while it
 * runs is run again. It starts at the moment of `wake`; nothing polls.
 */

export interface DispatcherOptions<Key> {
  limit: number;
  run: (key: Key) => Promise<void>;
  onError: (key: Key, error: unknown) => void;
}

export class Dispatcher<Key> {
  #options: DispatcherOptions<Key>;
  #waiting = new Set<Key>();
  #running = new Map<Key, Promise<void>>();
  #stopped = false;

  constructor(options: DispatcherOptions<Key>) {
    this.#options = options;
  }

  wake(key: Key): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    this.#fill();
  }

  /** Starts nothing more; resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await Promise.allSettled(this.#running.values());
  }

  #fill(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.limit) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: Key): Promise<void> {
    try {
      await this.#options.run(key);
    } catch (error) {
      this.#options.onError(key, error);
    } finally {
      this.#running.delete(key);
      if (!this.#stopped) this.#fill();
    }
  }
}
