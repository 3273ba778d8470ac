/** What has arrived, and a way to wait for what has not: tests never sleep. */
export class Inbox<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<() => void>();

  push(item: T): void {
    this.items.push(item);
    for (const look of [...this.#waiting]) look();
  }

  /** The first item that matches, arrived already or arriving within `withinMs`. */
  first(matches: (item: T) => boolean, withinMs = 5_000): Promise<T> {
    return this.nth(matches, 1, withinMs);
  }

  nth(matches: (item: T) => boolean, count: number, withinMs = 5_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.items.filter(matches)[count - 1];
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const have = this.items.map(item => JSON.stringify(item)?.slice(0, 120)).slice(-12);
        reject(new Error(`Waited ${withinMs} ms for item ${count} in vain. Last items:\n${have.join('\n')}`));
      }, withinMs);
      this.#waiting.add(look);
      look();
    });
  }

  count(matches: (item: T) => boolean): number {
    return this.items.filter(matches).length;
  }
}

/** Waits until `holds`, looking every few milliseconds. */
export async function until(holds: () => boolean, withinMs = 5_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Not true within ${withinMs} ms: ${holds.toString()}`);
    await pause(5);
  }
}

/** Time that must pass for something not to happen in it. */
export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
