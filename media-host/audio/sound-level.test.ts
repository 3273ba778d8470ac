import { expect, test } from 'vitest';
import { seeded } from '../../emulators/speech/test-sounds.ts';
import { decibels, leastRms } from './loudness.ts';
import { soundLevel } from './sound-level.ts';

const perSecond = 125;
const power = (rms: number) => rms ** 2;

function run(level: ReturnType<typeof soundLevel>, rms: number, hops: number): boolean[] {
  return Array.from({ length: hops }, () => level.next(power(rms)));
}

test('sound is on with the second hop of it, 16 ms', () => {
  const level = soundLevel();
  run(level, 30, 10);
  expect(run(level, 1000, 3)).toEqual([false, true, true]);
});

test('a click of one hop is no sound', () => {
  const level = soundLevel();
  run(level, 30, 10);
  expect(run(level, 8000, 1).concat(run(level, 30, 5))).not.toContain(true);
});

test('sound goes on through the gap of a syllable and ends soon after it', () => {
  const level = soundLevel();
  run(level, 30, 10);
  run(level, 1000, 20);
  expect(run(level, 30, 4)).not.toContain(false);
  expect(run(level, 30, 4).at(-1)).toBe(false);
});

test('what goes on for two seconds has become the floor, and what stands out from it is sound again', () => {
  const level = soundLevel();
  run(level, 30, 10);
  expect(run(level, 800, perSecond).at(-1)).toBe(true);
  expect(run(level, 800, 1.5 * perSecond).at(-1)).toBe(false);
  expect(run(level, 800 * decibels(9), 2).at(-1)).toBe(true);
});

test('a caller may speak at once, and a line that only hisses is not taken for one', () => {
  expect(run(soundLevel(), 2000, 2)).toEqual([false, true]);
  expect(run(soundLevel(), leastRms * decibels(12), 3 * perSecond)).not.toContain(true);
});

test('dull noise whose hops vary by several decibels stays quiet', () => {
  const level = soundLevel();
  const random = seeded(2);
  const hops = Array.from({ length: 20 * perSecond }, () => level.next(power(400 * decibels(6 * random() - 3))));
  expect(hops.slice(2 * perSecond)).not.toContain(true);
});

test('a voice that goes on without a gap is no floor, however long it lasts', () => {
  const level = soundLevel();
  const random = seeded(4);
  run(level, 30, 10);
  // Syllables of 160 to 240 ms, 12 dB apart at most and never silent.
  const heard = Array.from({ length: 30 }, () =>
    run(level, 2400 * decibels(12 * random() - 9), 20 + Math.floor(10 * random())),
  ).flat();
  expect(heard.length).toBeGreaterThan(5 * perSecond);
  expect(heard.slice(1)).not.toContain(false);
  expect(run(level, 30, 6).at(-1)).toBe(false);
});

test('a noise with bursts becomes the floor where nothing softer comes for eight seconds', () => {
  const level = soundLevel();
  run(level, 30, 10);
  const second = () => [...run(level, 900, perSecond - 25), ...run(level, 900 * decibels(10), 25)];
  expect(Array.from({ length: 6 }, second).flat().slice(1)).not.toContain(false);
  Array.from({ length: 3 }, second);
  expect(second().slice(5, perSecond - 25)).not.toContain(true);
});

test('what is far behind the voice is not it: a street does not go on where the caller stops', () => {
  const level = soundLevel();
  const random = seeded(5);
  run(level, 30, 10);
  run(level, 3000, perSecond);
  const street = Array.from({ length: perSecond }, () => level.next(power(170 * decibels(10 * random() - 5))));
  expect(street.slice(6)).not.toContain(true);
});
