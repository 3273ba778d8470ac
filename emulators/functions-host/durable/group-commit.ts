import type { Outbox } from './outbox.ts';

/*
 * Commits in one transaction whatever is asked for in one turn of the event loop: many small messages that arrive at
 * once cost one write to the disk, and each is answered once it is kept.
 */

/** Checks first and writes afterwards: what throws must have written nothing, for the others are committed all the same. */
export type Work = (outbox: Outbox, now: number) => void;

type Commit = <Result>(work: (outbox: Outbox, now: number) => Result) => Result;

interface Asked {
  work: Work;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class GroupCommit {
  #commit: Commit;
  #asked: Asked[] = [];

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** Resolves when the work is kept; rejects with what it threw, or because nothing could be kept. */
  add(work: Work): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#asked.push({ work, resolve, reject }) === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const asked = this.#asked.splice(0);
    try {
      const settlements = this.#commit((outbox, now) => asked.map(each => attempt(each, outbox, now)));
      for (const settle of settlements) settle();
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

/** @returns what to say to whoever asked, once the transaction is committed */
function attempt({ work, resolve, reject }: Asked, outbox: Outbox, now: number): () => void {
  try {
    work(outbox, now);
    return resolve;
  } catch (error) {
    return () => reject(error);
  }
}
