/**
 * Keeps what one ear heard, for tests and for people. Silence is kept as a count, because most of a call is silence.
 */
export class Recorder {
  readonly #parts: (Buffer | number)[] = [];
  readonly #limitBytes: number;
  bytes = 0;

  /** @param limitMs what comes later is not kept. */
  constructor(limitMs: number) {
    this.#limitBytes = limitMs * 32;
  }

  /** Keeps a frame without copying it: nobody may write to it afterwards. */
  add(frame: Buffer): void {
    if (this.bytes >= this.#limitBytes) return;
    this.#parts.push(frame);
    this.bytes += frame.length;
  }

  addSilence(bytes: number): void {
    if (this.bytes >= this.#limitBytes) return;
    const last = this.#parts.at(-1);
    if (typeof last === 'number') this.#parts[this.#parts.length - 1] = last + bytes;
    else this.#parts.push(bytes);
    this.bytes += bytes;
  }

  /** PCM16, 16 kHz, mono. */
  pcm(): Buffer {
    return Buffer.concat(this.#parts.map(part => (typeof part === 'number' ? Buffer.alloc(part) : part)));
  }
}
