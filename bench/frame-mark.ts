/**
 * A number hidden in the sound of a frame, so that the frame is known again on another wire: 24 bits in the lowest four
 * bits of its first six samples, which nobody hears.
 */
const markedSamples = 6;
const bitsPerSample = 4;
const low = (1 << bitsPerSample) - 1;

export const frameBytes = 640;
/** The base64 text of the samples that carry the mark. */
export const markedCharacters = (markedSamples * 2 * 4) / 3;
/** Every source of frames counts in a range of its own. */
export const marksPerSource = 1 << 21;

/** @param at where the frame begins in `pcm`, in bytes. */
export function writeMark(pcm: Buffer, at: number, mark: number): void {
  for (let i = 0; i < markedSamples; i++) {
    const place = at + 2 * i;
    pcm[place] = ((pcm[place] ?? 0) & ~low) | ((mark >> (bitsPerSample * i)) & low);
  }
}

export function readMark(pcm: Buffer, at: number): number {
  let mark = 0;
  for (let i = 0; i < markedSamples; i++) mark |= ((pcm[at + 2 * i] ?? 0) & low) << (bitsPerSample * i);
  return mark;
}

/** The machine's monotonic clock, the same in every process. */
export const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
