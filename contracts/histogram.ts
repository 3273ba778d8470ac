/**
 * Latencies in a fixed set of buckets, so that analysts can add them up in SQL and read percentiles from the sums.
 * Upper bounds in milliseconds, version 1; the last bucket has none.
 */
export const histogramBounds = [
  50, 100, 200, 300, 400, 500, 600, 800, 1000, 1250, 1500, 2000, 3000, 5000, 8000,
] as const;

export interface Histogram {
  n: number;
  sum: number;
  max: number;
  b: number[];
}

export function histogram(samplesMs: readonly number[]): Histogram {
  const b = new Array<number>(histogramBounds.length + 1).fill(0);
  for (const ms of samplesMs) {
    const slot = histogramBounds.findIndex(bound => ms <= bound);
    const index = slot === -1 ? histogramBounds.length : slot;
    b[index] = (b[index] ?? 0) + 1;
  }
  return {
    n: samplesMs.length,
    sum: samplesMs.reduce((total, ms) => total + ms, 0),
    max: Math.max(0, ...samplesMs),
    b,
  };
}
