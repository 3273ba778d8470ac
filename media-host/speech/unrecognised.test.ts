import { expect, test } from 'vitest';
import { createUnrecognised } from './unrecognised.ts';

const frame = () => new ArrayBuffer(640);

test('what a phrase covers is forgotten, what it does not cover is kept for the next recogniser', () => {
  const unrecognised = createUnrecognised();
  for (let i = 0; i < 50; i++) unrecognised.add(frame());
  unrecognised.recognisedUpTo(410);
  expect(unrecognised.startMs()).toBe(400);
  expect(unrecognised.all()).toHaveLength(30);
  expect(unrecognised.totalMs()).toBe(1000);
});

test('an hour of silence keeps no more than the bound', () => {
  const unrecognised = createUnrecognised(30_000);
  for (let i = 0; i < 180_000; i++) unrecognised.add(frame());
  expect(unrecognised.all().length).toBeLessThanOrEqual(1500);
  expect(unrecognised.totalMs() - unrecognised.startMs()).toBeLessThanOrEqual(30_000);
});

/** Noise of this mean size, seeded. */
function noise(level: number, seed: number): ArrayBuffer {
  let state = seed;
  const sample = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) * 2 * level;
  };
  return Int16Array.from({ length: 320 }, sample).buffer;
}

test.each([
  ['a silent', 0],
  ['a noisy', 600],
])('of %s line only what may be speech is heard again, with a moment before it', (_, line) => {
  const unrecognised = createUnrecognised();
  for (let i = 0; i < 1000; i++) unrecognised.add(noise(line, i));
  for (let i = 0; i < 20; i++) unrecognised.add(noise(2000, i));
  for (let i = 0; i < 50; i++) unrecognised.add(noise(line, i));
  unrecognised.dropQuiet();
  expect(unrecognised.startMs()).toBe(19_600);
  expect(unrecognised.totalMs()).toBe(21_400);
  unrecognised.dropQuiet();
  expect(unrecognised.startMs()).toBe(19_600);
});

test('of nothing but quiet the last moment is kept, of speech all', () => {
  const filled = (frames: number, level: (at: number) => number) => {
    const unrecognised = createUnrecognised();
    for (let i = 0; i < frames; i++) unrecognised.add(noise(level(i), i));
    unrecognised.dropQuiet();
    return unrecognised.startMs();
  };
  expect(filled(200, () => 0)).toBe(3600);
  expect(filled(200, () => 3000)).toBe(0);
  expect(filled(200, at => (at % 20 === 19 ? 50 : 400))).toBe(0);
  // Too short to tell speech from a line.
  expect(filled(100, () => 400)).toBe(0);
  expect(filled(0, () => 0)).toBe(0);
});
