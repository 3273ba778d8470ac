import type { Change } from './change.ts';
import type { Store } from './store.ts';

/** How often expired documents are looked for, in ms of the stand-in's clock. Reads never show them anyway. */
const INTERVAL_MS = 60_000;

/** Removes expired documents for good, so that a later change of the container's default cannot revive them. */
export class Sweep {
  readonly #store: Store;
  #last = Number.NEGATIVE_INFINITY;

  constructor(store: Store) {
    this.#store = store;
  }

  runIfDue(nowMs: number): void {
    if (nowMs - this.#last >= INTERVAL_MS) this.run(nowMs);
  }

  run(nowMs: number): void {
    this.#last = nowMs;
    const changes: Change[] = [];
    for (const { containers } of this.#store.databases.values()) {
      for (const container of containers.values()) {
        for (const item of container.all()) {
          if (!container.isExpired(item, nowMs)) continue;
          const { partition, document } = item;
          changes.push({
            op: 'remove',
            container: container.resource._rid,
            partition,
            id: document.id,
            lsn: container.lsn,
          });
        }
      }
    }
    this.#store.commit(changes);
  }
}
