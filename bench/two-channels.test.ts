import { expect, test } from 'vitest';
import { atTheEar, latestMs, twoChannels } from './two-channels.ts';

const silent = new Int16Array(320 * 5);

test('a moment is on the frame that was being played, and a late frame is no longer than others', () => {
  const { msAt, lengthMs } = twoChannels(silent, silent, [1_000_000, 1_020_000, 1_060_000, 1_070_000, 1_080_000]);
  expect([1_000_000, 1_010_000, 1_020_000, 1_055_000, 1_060_000, 1_075_000].map(msAt)).toEqual([0, 10, 20, 40, 40, 65]);
  expect(msAt(999_000)).toBe(0);
  expect(lengthMs).toBe(100);
});

test('the agent’s frames carry the time they reached the ear and their peak', () => {
  const agent = new Int16Array(640);
  agent[320] = -700;
  expect(atTheEar(twoChannels(silent.subarray(0, 640), agent, [5, 20_005]))).toEqual([
    { atUs: 5, peak: 0 },
    { atUs: 20_005, peak: 700 },
  ]);
});

test('how late frames came is told against the schedule, not against the frame before', () => {
  expect(latestMs([0, 20_000, 40_000])).toBe(0);
  expect(latestMs([0, 25_000, 52_000, 62_000, 80_000])).toBe(12);
});
