/**
 * Keeps what one ear heard, for tests and for people. Silence is kept as a count, because most of a call is silence, and
 * all recorders of a stand-in share one budget, so that a night of calls does not eat the machine.
 */

/** Audio a stand-in keeps in all, bytes. */
const budgetBytes = 256 * 1024 * 1024;

export class RecordingBudget {
  #left: number;
  readonly #makeRoom: () => boolean;

  /** @param makeRoom frees an old recording; false when there is none. */
  constructor(makeRoom: () => boolean, bytes = budgetBytes) {
    this.#makeRoom = makeRoom;
    this.#left = bytes;
  }

  take(bytes: number): boolean {
    while (this.#left < bytes) if (!this.#makeRoom()) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

export class Recorder {
  #parts: (Buffer | number)[] = [];
  #bytes = 0;
  #audioBytes = 0;
  readonly #limitBytes: number;
  readonly #budget: RecordingBudget;

  /** @param limitMs what comes later is not kept. */
  constructor(limitMs: number, budget: RecordingBudget) {
    this.#limitBytes = limitMs * 32;
    this.#budget = budget;
  }

  /** Keeps a frame without copying it: nobody may write to it afterwards. */
  add(frame: Buffer): void {
    if (this.#bytes >= this.#limitBytes) return;
    if (!this.#budget.take(frame.length)) {
      this.addSilence(frame.length);
      return;
    }
    this.#parts.push(frame);
    this.#bytes += frame.length;
    this.#audioBytes += frame.length;
  }

  addSilence(bytes: number): void {
    if (this.#bytes >= this.#limitBytes) return;
    const last = this.#parts.at(-1);
    if (typeof last === 'number') this.#parts[this.#parts.length - 1] = last + bytes;
    else this.#parts.push(bytes);
    this.#bytes += bytes;
  }

  /** PCM16, 16 kHz, mono. */
  pcm(): Buffer {
    return Buffer.concat(this.#parts.map(part => (typeof part === 'number' ? Buffer.alloc(part) : part)));
  }

  /** Forgets everything. @returns whether there was audio. */
  release(): boolean {
    const hadAudio = this.#audioBytes > 0;
    this.#budget.giveBack(this.#audioBytes);
    this.#parts = [];
    this.#bytes = 0;
    this.#audioBytes = 0;
    return hadAudio;
  }
}
