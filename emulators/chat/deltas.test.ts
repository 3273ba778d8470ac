import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argumentDeltas, jitters, textDeltas } from './deltas.ts';

test('pieces of text joined are the text, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (text, seed) => {
      expect(textDeltas(text, seed).join('')).toBe(text);
      expect(argumentDeltas(text, seed).join('')).toBe(text);
    }),
  );
});

test('a piece has one to three words, and all three sizes happen', () => {
  const sizes = textDeltas('word '.repeat(200).trim(), 1).map(delta => delta.trim().split(/\s+/).length);
  expect(new Set(sizes)).toEqual(new Set([1, 2, 3]));
});

test('the same seed cuts alike, another differently', () => {
  const text = 'word '.repeat(100);
  expect(textDeltas(text, 7)).toEqual(textDeltas(text, 7));
  expect(textDeltas(text, 7)).not.toEqual(textDeltas(text, 8));
});

test('jitter stays in its bounds', () => {
  const found = jitters(500, 30, 3);
  expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...found)).toBeLessThanOrEqual(30);
  expect(new Set(found).size).toBeGreaterThan(20);
  expect(jitters(5, 0, 3)).toEqual([0, 0, 0, 0, 0]);
});
