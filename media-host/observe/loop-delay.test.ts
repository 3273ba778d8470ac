import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchLoopDelay } from './loop-delay.ts';

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('a block of the loop is told as the maximum, nearly as long as it was, and forgotten after two windows', async () => {
  const delay = watchLoopDelay({ everyMs: 5, windowMs: 300 });
  while (delay.read().p50Ms === 0) {
    block(20);
    await setImmediate();
  }
  block(150);
  while (delay.read().maxMs < 145) await setImmediate();
  while (delay.read().maxMs >= 145) await setImmediate();
  delay.close();
});

test('nothing has been late before the first look', () => {
  const delay = watchLoopDelay();
  expect(delay.read()).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
  delay.close();
});
