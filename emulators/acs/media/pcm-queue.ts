/**
 * PCM waiting to be played, taken out in frames. Marks are byte positions in the stream, so they cost nothing per frame
 * and keep their place however the audio was cut.
 */
export class PcmQueue {
  readonly bytesPerMs: number;
  #chunks: Buffer[] = [];
  #head = 0;
  #offset = 0;
  #bytes = 0;
  #taken = 0;
  #marks: { name: string; at: number }[] = [];
  /** Most audio that ever waited, bytes. */
  peakBytes = 0;

  /** @param sampleRate samples per second, mono, 16 bit. */
  constructor(sampleRate: number) {
    this.bytesPerMs = (sampleRate * 2) / 1000;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get ms(): number {
    return this.#bytes / this.bytesPerMs;
  }

  get peakMs(): number {
    return this.peakBytes / this.bytesPerMs;
  }

  push(pcm: Buffer): void {
    if (pcm.length === 0) return;
    this.#chunks.push(pcm);
    this.#bytes += pcm.length;
    if (this.#bytes > this.peakBytes) this.peakBytes = this.#bytes;
  }

  /** Remembers `name` at the end of what waits now. */
  mark(name: string): void {
    this.#marks.push({ name, at: this.#taken + this.#bytes });
  }

  /** Marks whose audio has been taken, in order; each is told once. */
  takeMarks(): string[] {
    const passed: string[] = [];
    while (this.#marks[0] && this.#marks[0].at <= this.#taken) passed.push(this.#marks.shift()!.name);
    return passed;
  }

  get hasMarks(): boolean {
    return this.#marks.length > 0;
  }

  /** Fills `frame`, with silence where the queue runs out. @returns how many bytes were audio. */
  take(frame: Buffer): number {
    let filled = 0;
    while (filled < frame.length && this.#bytes > 0) {
      const chunk = this.#chunks[this.#head]!;
      const copied = chunk.copy(frame, filled, this.#offset);
      filled += copied;
      this.#offset += copied;
      this.#bytes -= copied;
      if (this.#offset === chunk.length) this.#dropHead();
    }
    this.#taken += filled;
    if (filled < frame.length) frame.fill(0, filled);
    return filled;
  }

  /** Forgets what waits, and its marks. @returns the milliseconds forgotten. */
  clear(): number {
    const forgotten = this.ms;
    this.#chunks = [];
    this.#head = 0;
    this.#offset = 0;
    this.#bytes = 0;
    this.#marks = [];
    return forgotten;
  }

  #dropHead(): void {
    this.#head++;
    this.#offset = 0;
    if (this.#head > 64 && this.#head * 2 > this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#head);
      this.#head = 0;
    }
  }
}
