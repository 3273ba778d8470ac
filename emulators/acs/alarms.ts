/** Timers that belong to one life (a call, the whole stand-in) and end with it. */
export class Alarms {
  readonly #pending = new Set<NodeJS.Timeout>();
  #closed = false;

  /** Runs `ring` after `ms`, unless cancelled or cleared before. */
  after(ms: number, ring: () => void): () => void {
    if (this.#closed) return () => undefined;
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      ring();
    }, ms);
    this.#pending.add(timer);
    return () => {
      clearTimeout(timer);
      this.#pending.delete(timer);
    };
  }

  /** Cancels all, and takes no more. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
  }
}
