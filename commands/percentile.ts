import { histogramBounds } from '../contracts/histogram.ts';

/**
 * The latency below which the share `p` of the samples lies, in ms, read from bucket counts: linear within its bucket,
 * and never above the largest sample.
 */
export function percentile(counts: readonly number[], maxMs: number, p: number): number | undefined {
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return undefined;
  const rank = p * total;
  let below = 0;
  for (const [slot, n] of counts.entries()) {
    if (n > 0 && below + n >= rank) {
      const from = slot === 0 ? 0 : histogramBounds[slot - 1]!;
      const to = Math.min(histogramBounds[slot] ?? maxMs, maxMs);
      return Math.round(from + ((rank - below) / n) * Math.max(0, to - from));
    }
    below += n;
  }
  return Math.round(maxMs);
}
