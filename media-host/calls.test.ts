import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Call } from './call.ts';
import { createCalls } from './calls.ts';
import { virtualClock } from './clock.ts';
import { createMetrics } from './observe/metrics.ts';

function setUp(places: number) {
  const clock = virtualClock();
  const cells: number[] = [];
  const calls = createCalls({
    places,
    clock,
    metrics: createMetrics(),
    create: (admission, _, cell) => {
      cells.push(cell);
      let finish: () => void;
      const ended = new Promise<void>(resolve => {
        finish = resolve;
      });
      return { callId: admission.callId, over: ended, ended, end: async () => finish() } as Partial<Call> as Call;
    },
  });
  const admit = (n: number) =>
    calls.admit({ callId: String(n).padStart(32, '0'), mode: 'media', agent: 'a', direction: 'in', callerHash: '' });
  return { calls, clock, admit, cells };
}

test('place N is given and place N+1 is not, whatever comes and goes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.record({ leave: fc.boolean(), id: fc.nat(12) }), { maxLength: 60 }),
      async (places, script) => {
        const { calls, admit } = setUp(places);
        const inside = new Map<number, Call>();
        for (const { leave, id } of script) {
          if (leave) {
            await inside.get(id)?.end('caller-left', 1000);
            await inside.get(id)?.ended;
            inside.delete(id);
          } else {
            const call = admit(id);
            if (call) inside.set(id, call);
            else expect(inside.size).toBe(places);
          }
          expect(calls.taken).toBe(inside.size);
          expect(calls.taken).toBeLessThanOrEqual(places);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('asking twice for one call takes one place', () => {
  const { calls, admit } = setUp(2);
  expect(admit(1)).toBe(admit(1));
  expect(calls.taken).toBe(1);
});

test('a place whose socket never comes is given back, one whose socket came is kept', async () => {
  const { calls, clock, admit } = setUp(2);
  const gone = admit(1);
  const here = admit(2);
  calls.arrived(here?.callId ?? '');
  clock.advance(45_000);
  await gone?.ended;
  expect(calls.all()).toEqual([here]);
});

test('a draining host takes nobody', () => {
  const { calls, admit } = setUp(2);
  calls.closeDoors();
  expect(admit(1)).toBeUndefined();
});

test('a call that cannot be made gives its place back', () => {
  const calls = createCalls({
    places: 1,
    clock: virtualClock(),
    metrics: createMetrics(),
    create: () => {
      throw new Error('no such agent');
    },
  });
  const admission = { callId: '0'.repeat(32), mode: 'media', agent: 'x', direction: 'in', callerHash: '' } as const;
  for (let i = 0; i < 3; i++) expect(() => calls.admit(admission)).toThrow('no such agent');
  expect(calls.taken).toBe(0);
});

test('a place is free once the call is over; whoever stops the host waits for its journal all the same', async () => {
  const over = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const calls = createCalls({
    places: 1,
    clock: virtualClock(),
    metrics: createMetrics(),
    create: admission =>
      ({ callId: admission.callId, over: over.promise, ended: ended.promise }) as Partial<Call> as Call,
  });
  const admission = { callId: '0'.repeat(32), mode: 'media', agent: 'x', direction: 'in', callerHash: '' } as const;
  const first = calls.admit(admission);
  over.resolve();
  await over.promise;
  expect(calls.taken).toBe(0);
  expect(calls.all()).toEqual([first]);
  let settled = false;
  const settling = calls.settled(admission.callId).then(() => {
    settled = true;
  });
  await Promise.resolve();
  expect(settled).toBe(false);
  ended.resolve();
  await settling;
  expect(calls.all()).toEqual([]);
});

/** Small and fast; the same trials every time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('in 100,000 admissions between arrivals, ends and lapses nobody is ever the one too many', async () => {
  const random = seeded(20_260_801);
  let full = 0;
  let worst = Number.NEGATIVE_INFINITY;
  let system = setUp(1);
  let inside: Call[] = [];
  for (let trial = 0; trial < 100_000; trial += 1) {
    if (trial % 500 === 0) [system, inside] = [setUp(1 + random(4)), []];
    const { calls, clock, admit } = system;
    const one = inside[random(inside.length)];
    const what = random(8);
    if (what === 0 && one) calls.arrived(one.callId);
    // Over now, and its place free a moment later: who comes in between must not get it, and nobody twice.
    if (what <= 2) void one?.end('caller-left', 1000);
    if (what === 3) clock.advance(15_000);
    if (what >= 6) await Promise.resolve();
    const call = admit(random(10));
    if (!call) full += 1;
    else if (!inside.includes(call)) inside.push(call);
    if (inside.length > calls.places) inside.shift();
    worst = Math.max(worst, calls.taken - calls.places);
  }
  expect(worst).toBe(0);
  expect(full).toBeGreaterThan(10_000);
  expect(100_000 - full).toBeGreaterThan(10_000);
});
