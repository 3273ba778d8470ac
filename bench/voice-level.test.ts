import { expect, test } from 'vitest';
import { findLowering, type SoundFrame } from './voice-level.ts';

/** Frames of 20 ms from 0 on, each with its peak. */
const frames = (...peaks: number[]): SoundFrame[] => peaks.map((peak, i) => ({ atUs: i * 20_000, peak }));
const many = (n: number, peak: number) => Array.from({ length: n }, () => peak);
const ms = (us: number | undefined) => (us === undefined ? undefined : us / 1000);

test('the first quieter frame is found, and the first that is as loud as before', () => {
  const found = findLowering(frames(...many(50, 12_000), ...many(10, 3000), ...many(50, 12_000)), 900_000, 3_000_000);
  expect([ms(found?.loweredUs), ms(found?.raisedUs)]).toEqual([1000, 1200]);
});

test('one quiet frame is the end of a word and no lowered voice', () => {
  const speech = many(100, 12_000).map((peak, i) => (i % 3 === 0 ? 2000 : peak));
  expect(findLowering(frames(...speech), 500_000, 2_000_000)).toBeUndefined();
});

test('silence is no lowered voice either', () => {
  const peaks = [...many(50, 12_000), ...many(20, 0), ...many(30, 12_000)];
  expect(findLowering(frames(...peaks), 900_000, 3_000_000)).toBeUndefined();
});

test('a voice that never comes back stays lowered, and one lowered too late does not count', () => {
  const peaks = [...many(50, 12_000), ...many(50, 3000)];
  expect(findLowering(frames(...peaks), 900_000, 3_000_000)).toEqual({ loweredUs: 1_000_000, raisedUs: undefined });
  expect(findLowering(frames(...peaks), 500_000, 980_000)).toBeUndefined();
});

test('an agent that has not spoken has no level to fall from', () => {
  expect(findLowering(frames(...many(20, 0), ...many(50, 3000)), 400_000, 2_000_000)).toBeUndefined();
});
