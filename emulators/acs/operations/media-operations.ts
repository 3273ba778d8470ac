/**
 * Play and recognize of one leg happen one after another; a new one may push the others aside. Everything else about
 * them is theirs.
 */
export interface MediaOperation {
  /** Begins; `finished` is called once, when the next may begin. */
  begin(finished: () => void): void;
  /** Stops and tells the app, whether it had begun or not. */
  cancel(): void;
  /** Stops without a word: the call is over. */
  drop(): void;
  /** `rawId` pressed a key while this runs. */
  tone?(word: string, rawId: string): void;
  /** Words were spoken while this runs. */
  speech?(text: string): void;
}

export class MediaOperations {
  #waiting: MediaOperation[] = [];
  #current: MediaOperation | undefined;

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** @param interrupt cancels what runs and waits, and begins at once. */
  add(operation: MediaOperation, interrupt: boolean): void {
    if (interrupt) this.cancelAll();
    this.#waiting.push(operation);
    this.#next();
  }

  cancelAll(): void {
    for (const operation of this.#empty()) operation.cancel();
  }

  drop(): void {
    for (const operation of this.#empty()) operation.drop();
  }

  tone(word: string, rawId: string): void {
    this.#current?.tone?.(word, rawId);
  }

  speech(text: string): void {
    this.#current?.speech?.(text);
  }

  #empty(): MediaOperation[] {
    const all = [...(this.#current ? [this.#current] : []), ...this.#waiting];
    this.#current = undefined;
    this.#waiting = [];
    return all;
  }

  #next(): void {
    if (this.#current) return;
    const operation = this.#waiting.shift();
    this.#current = operation;
    operation?.begin(() => {
      if (this.#current !== operation) return;
      this.#current = undefined;
      this.#next();
    });
  }
}
