import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogram, histogramBounds } from '../contracts/histogram.ts';
import { percentile } from './percentile.ts';

test('nothing measured has no percentile', () => {
  expect(percentile(histogram([]).b, 0, 0.5)).toBeUndefined();
});

test('a percentile lies in the bucket of the sample it stands for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (samplesMs, p) => {
        const { b, max } = histogram(samplesMs);
        const actual = [...samplesMs].sort((x, y) => x - y)[Math.ceil(p * samplesMs.length) - 1]!;
        const slot = histogramBounds.findIndex(bound => actual <= bound);
        const bounds = [0, ...histogramBounds, Number.POSITIVE_INFINITY];
        const [from, to] = slot === -1 ? bounds.slice(-2) : bounds.slice(slot, slot + 2);
        const read = percentile(b, max, p)!;
        expect(read).toBeGreaterThanOrEqual(Math.min(from!, max));
        expect(read).toBeLessThanOrEqual(Math.min(to!, max));
      },
    ),
  );
});
