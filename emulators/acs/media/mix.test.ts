import { expect, test } from 'vitest';
import { mix } from './mix.ts';

const samples = (...values: number[]) => {
  const pcm = Buffer.alloc(values.length * 2);
  for (const [at, value] of values.entries()) pcm.writeInt16LE(value, at * 2);
  return pcm;
};

test('silence is nothing, one voice is itself, several are added without wrapping', () => {
  expect(mix([undefined, undefined])).toBeUndefined();
  const only = samples(1, 2);
  expect(mix([undefined, only])).toBe(only);
  expect(mix([samples(1, 30_000, -30_000), undefined, samples(2, 30_000, -30_000)])).toEqual(
    samples(3, 32_767, -32_768),
  );
});
