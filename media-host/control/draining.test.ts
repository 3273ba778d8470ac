import { expect, test } from 'vitest';
import type { Call } from '../call.ts';
import { virtualClock } from '../clock.ts';
import { drainCalls } from './draining.ts';

function callThatLeaves() {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const did: string[] = [];
  const call: Partial<Call> = {
    ended,
    move: () => did.push('move'),
    end: async (reason, code) => {
      did.push(`end ${reason} ${code}`);
      resolve();
    },
  };
  return { call: call as Call, did, leave: resolve };
}

const settled = () => new Promise<void>(resolve => setImmediate(resolve));

function setUp() {
  const clock = virtualClock();
  const quick = callThatLeaves();
  const slow = callThatLeaves();
  const inside = new Set([quick.call, slow.call]);
  void quick.call.ended.then(() => inside.delete(quick.call));
  void slow.call.ended.then(() => inside.delete(slow.call));
  let open = true;
  const calls = {
    closeDoors: () => {
      open = false;
    },
    all: () => [...inside],
  };
  let done = false;
  const draining = drainCalls(calls, { clock, patienceMs: 20_000 }).then(() => {
    done = true;
  });
  return { clock, quick, slow, draining, open: () => open, done: () => done };
}

test('calls that leave by themselves are waited for, and the host is empty when the last has left', async () => {
  const { quick, slow, draining, open, done, clock } = setUp();
  expect(open()).toBe(false);
  expect([quick.did, slow.did]).toEqual([['move'], ['move']]);
  quick.leave();
  await settled();
  expect(done()).toBe(false);
  slow.leave();
  await draining;
  expect([quick.did, slow.did]).toEqual([['move'], ['move']]);
  expect(clock.waiting()).toBe(0);
});

test('a call that finds no turn boundary is closed when patience ends, and the others are left alone', async () => {
  const { quick, slow, draining, clock } = setUp();
  quick.leave();
  await settled();
  clock.advance(20_000);
  await draining;
  expect([quick.did, slow.did]).toEqual([['move'], ['move', 'end drained 1012']]);
});
