import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DueTimer } from './due-timer.ts';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

function timerOver(due: number[]): { timer: DueTimer; fired: number[] } {
  const fired: number[] = [];
  const timer = new DueTimer({
    now: Date.now,
    nextDueAfter: now => due.filter(at => at > now).sort((a, b) => a - b)[0],
    onDue: now => fired.push(...due.filter(at => at <= now && !fired.includes(at))),
  });
  return { timer, fired };
}

test('what is due fires at its time, one after another', () => {
  const { timer, fired } = timerOver([100, 250, 5000]);
  timer.fire();
  vi.advanceTimersByTime(99);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([100]);
  vi.advanceTimersByTime(10_000);
  expect(fired).toEqual([100, 250, 5000]);
});

test('something earlier that comes later is not missed', () => {
  const due = [1000];
  const { timer, fired } = timerOver(due);
  timer.fire();
  due.push(50);
  timer.notBefore(50);
  vi.advanceTimersByTime(60);
  expect(fired).toEqual([50]);
  vi.advanceTimersByTime(1000);
  expect(fired).toEqual([50, 1000]);
});

test('a time beyond the longest timeout of Node is waited for in steps', () => {
  const inTwoMonths = 60 * 86_400_000;
  const { timer, fired } = timerOver([inTwoMonths]);
  timer.fire();
  vi.advanceTimersByTime(inTwoMonths - 1);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([inTwoMonths]);
});

test('after stop nothing fires', () => {
  const { timer, fired } = timerOver([10]);
  timer.fire();
  timer.stop();
  vi.advanceTimersByTime(100);
  expect(fired).toEqual([]);
});
