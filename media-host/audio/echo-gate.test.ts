import fc from 'fast-check';
import { expect, test } from 'vitest';
import { echoGate } from './echo-gate.ts';
import { decibels, leastRms, rmsOf } from './loudness.ts';

const loud = 3000;

test('our own voice that comes back 20 dB softer is no caller, for as long as it can come back', () => {
  const gate = echoGate();
  for (let ms = 0; ms < 1000; ms += 20) {
    gate.played(loud, ms);
    expect(gate.above(loud * decibels(-20), ms)).toBe(false);
  }
  expect(gate.above(loud * decibels(-20), 1600)).toBe(false);
  expect(gate.above(loud * decibels(-20), 1800)).toBe(true);
});

test('a caller who speaks over us is heard', () => {
  const gate = echoGate();
  gate.played(loud, 0);
  expect(gate.above(loud * decibels(-14), 100)).toBe(true);
  expect(gate.above(loud * decibels(-16), 100)).toBe(false);
});

test('with nothing played, what is above -50 dBFS is heard', () => {
  const gate = echoGate();
  expect(gate.above(leastRms, 0)).toBe(false);
  expect(gate.above(leastRms + 1, 0)).toBe(true);
});

test('a pause as long as a day costs nothing and forgets everything', () => {
  const gate = echoGate();
  gate.played(loud, 0);
  expect(gate.above(leastRms + 1, 86_400_000)).toBe(true);
});

test('the gate is that of the loudest frame of the hold, to within 50 ms', () => {
  const frames = fc.array(
    fc.record({ afterMs: fc.integer({ min: 0, max: 300 }), rms: fc.integer({ min: 0, max: 20_000 }) }),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(
      frames,
      fc.integer({ min: 0, max: 1500 }),
      fc.integer({ min: 0, max: 9000 }),
      (played, laterMs, rms) => {
        const gate = echoGate({ holdMs: 700, lossDb: 15 });
        let atMs = 0;
        const when = played.map(({ afterMs, rms }) => {
          atMs += afterMs;
          gate.played(rms, atMs);
          return { atMs, rms };
        });
        const now = atMs + laterMs;
        const least = (holdMs: number) =>
          Math.max(leastRms, ...when.filter(each => each.atMs >= now - holdMs).map(each => each.rms * decibels(-15)));
        const above = gate.above(rms, now);
        if (rms <= least(700)) expect(above).toBe(false);
        if (rms > least(750)) expect(above).toBe(true);
      },
    ),
  );
});

test('loudness is the root mean square', () => {
  expect(rmsOf(new Int16Array(0))).toBe(0);
  expect(rmsOf(Int16Array.of(3, -4, 3, -4))).toBeCloseTo(Math.sqrt(12.5));
  expect(rmsOf(new Int16Array(320).fill(-32_768))).toBe(32_768);
});
