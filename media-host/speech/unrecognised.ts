/**
 * The caller's sound that no phrase covers yet, to be heard again by the next recogniser when one dies in mid-sentence.
 * Never more than `boundMs`: of a long silence only the end matters.
 */
export interface Unrecognised {
  add(pcm: ArrayBuffer): void;
  /** Sound before `ms` (since the first sound ever added) has been recognised. */
  recognisedUpTo(ms: number): void;
  /**
   * Forgets the quiet before the first sound that may be speech, but for 400 ms. Who hears again hears at twice the
   * speed of the call: half a minute of quiet would keep the caller's next words waiting for seconds.
   */
  dropQuiet(): void;
  all(): readonly ArrayBuffer[];
  /** Position of the first kept sample, and of the end. */
  startMs(): number;
  totalMs(): number;
}

const bytesPerMs = 32;
const leadMs = 400;
/** Shorter sound is heard again as it is: speech without a pause could be taken for the noise of the line. */
const worthTrimmingMs = 3000;
/** Means of the samples' sizes: a line is quiet below the first, never called noise above the second. */
const quietLevel = 100;
const speechLevel = 1000;
const louder = 1.5;

export function createUnrecognised(boundMs = 30_000): Unrecognised {
  let kept: ArrayBuffer[] = [];
  let first = 0;
  let start = 0;
  let end = 0;

  const dropUntil = (ms: number) => {
    while (first < kept.length && start + (kept[first]?.byteLength ?? 0) / bytesPerMs <= ms) {
      start += (kept[first]?.byteLength ?? 0) / bytesPerMs;
      first++;
    }
    // Dropped from the front in blocks: shifting an array fifty times a second would copy it each time.
    if (first > 256) {
      kept = kept.slice(first);
      first = 0;
    }
  };

  return {
    add: pcm => {
      kept.push(pcm);
      end += pcm.byteLength / bytesPerMs;
      if (end - start > boundMs) dropUntil(end - boundMs);
    },
    recognisedUpTo: dropUntil,
    dropQuiet: () => {
      if (end - start < worthTrimmingMs) return;
      const levels = kept.slice(first).map(levelOf);
      const line = [...levels].sort((a, b) => a - b)[Math.floor(levels.length / 50)] ?? 0;
      const least = Math.max(quietLevel, Math.min(speechLevel, line * louder));
      const loud = levels.findIndex(level => level > least);
      const quiet = kept.slice(first, loud === -1 ? kept.length : first + loud);
      dropUntil(start + quiet.reduce((ms, pcm) => ms + pcm.byteLength / bytesPerMs, -leadMs));
    },
    all: () => kept.slice(first),
    startMs: () => Math.round(start),
    totalMs: () => Math.round(end),
  };
}

function levelOf(pcm: ArrayBuffer): number {
  const samples = new Int16Array(pcm, 0, pcm.byteLength >> 1);
  let total = 0;
  for (const sample of samples) total += Math.abs(sample);
  return samples.length === 0 ? 0 : total / samples.length;
}
