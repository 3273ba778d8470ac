/**
 * Lets one thing of a kind happen after the other, and of those that wait the lowest number first: ACS posts the tones of
 * a keypad side by side. What has arrived is not held back for what may be missing; the number goes along for that.
 */
export class ToneOrder {
  readonly #lines = new Map<string, { sequence: number; run: () => Promise<void> }[]>();

  /** @returns what `run` comes to, when its turn has come */
  next(line: string, sequence: number, run: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#lines.get(line);
      const mine = { sequence, run: () => run().then(resolve, reject) };
      if (waiting) {
        const place = waiting.findIndex(other => other.sequence > sequence);
        waiting.splice(place === -1 ? waiting.length : place, 0, mine);
        return;
      }
      const first = [mine];
      this.#lines.set(line, first);
      void this.#serve(line, first);
    });
  }

  async #serve(line: string, waiting: { run: () => Promise<void> }[]): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.run();
    this.#lines.delete(line);
  }
}
