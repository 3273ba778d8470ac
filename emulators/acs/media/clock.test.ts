import { expect, test } from 'vitest';
import { until } from '../test/inbox.ts';
import { everyFrame, frameMs, nowUs } from './clock.ts';

test('a late tick is caught up at half distance: no drift, and no burst', async () => {
  const ticks: number[] = [];
  const leave = everyFrame(atUs => ticks.push(atUs / 1000));
  await until(() => ticks.length === 3);
  const blockedUntil = performance.now() + 130;
  while (performance.now() < blockedUntil) Math.sqrt(2);
  await until(() => ticks.length === 25);
  leave();
  const span = ticks[24]! - ticks[0]!;
  expect(Math.abs(span - 24 * frameMs)).toBeLessThan(12);
  const gaps = ticks.slice(1).map((at, n) => at - ticks[n]!);
  expect(Math.min(...gaps)).toBeGreaterThan(7);
});

test('nobody is called after leaving, and a listener may leave from within', async () => {
  let calls = 0;
  const leave = everyFrame(() => {
    calls++;
    leave();
  });
  const other: number[] = [];
  const leaveOther = everyFrame(atUs => other.push(atUs));
  await until(() => other.length > 4);
  leaveOther();
  expect(calls).toBe(1);
});

test('stamps are microseconds of the monotonic clock all processes share', () => {
  expect(Math.abs(nowUs() - Number(process.hrtime.bigint() / 1000n))).toBeLessThan(5_000);
});
