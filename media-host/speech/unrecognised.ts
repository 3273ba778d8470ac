/**
 * The caller's sound that no phrase covers yet, to be heard again by the next recogniser when one dies in mid-sentence.
 * Never more than `boundMs`: of a long silence only the end matters.
 */
export interface Unrecognised {
  add(pcm: ArrayBuffer): void;
  /** Sound before `ms` (since the first sound ever added) has been recognised. */
  recognisedUpTo(ms: number): void;
  all(): readonly ArrayBuffer[];
  /** Position of the first kept sample, and of the end. */
  startMs(): number;
  totalMs(): number;
}

const bytesPerMs = 32;

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
    all: () => kept.slice(first),
    startMs: () => Math.round(start),
    totalMs: () => Math.round(end),
  };
}
