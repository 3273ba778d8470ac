import { expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createAlarm } from './alarm.ts';

function alarm() {
  const clock = virtualClock(1000);
  const rang: number[] = [];
  return { clock, rang, ...createAlarm(clock, at => rang.push(at)) };
}

test('it rings once, at its moment', () => {
  const { clock, rang, set } = alarm();
  set(1500);
  clock.advance(499);
  expect(rang).toEqual([]);
  clock.advance(5000);
  expect(rang).toEqual([1500]);
});

test('set anew it rings at the new moment only, and set to nothing not at all', () => {
  const { clock, rang, set } = alarm();
  set(1500);
  set(1200);
  set(1800);
  clock.advance(1000);
  expect(rang).toEqual([1800]);
  set(3000);
  set(undefined);
  clock.advance(5000);
  expect(rang).toEqual([1800]);
});

test('a moment that has passed is told as the time it is', () => {
  const { clock, rang, set } = alarm();
  set(400);
  clock.advance(0);
  expect(rang).toEqual([1000]);
});

test('a timer that comes early rings no earlier than its moment', () => {
  const rang: number[] = [];
  let due: () => void = () => undefined;
  const early = {
    ...virtualClock(1000),
    after: (_: number, run: () => void) => {
      due = run;
      return () => undefined;
    },
  };
  createAlarm(early, at => rang.push(at)).set(1500);
  due();
  expect(rang).toEqual([1500]);
});

test('who is rung may set it again for the same moment', () => {
  const clock = virtualClock(1000);
  let rang = 0;
  const { set } = createAlarm(clock, at => {
    if (++rang < 3) set(at);
  });
  set(1100);
  clock.advance(1000);
  expect(rang).toBe(3);
});
