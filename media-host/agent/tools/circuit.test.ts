import { expect, test } from 'vitest';
import { createCircuits } from './circuit.ts';

/** So many failures of a tool, one after the other. */
function failing(circuits: ReturnType<typeof createCircuits>, times: number, tool = 'slow') {
  for (let time = 0; time < times; time++) {
    expect(circuits.admit(tool, 0)).toBe(0);
    circuits.ended(tool, 'ill', 0);
  }
}

test('five failures in a row let a tool rest for thirty seconds, and no other tool', () => {
  const circuits = createCircuits();
  failing(circuits, 5);
  expect(circuits.admit('slow', 1_000)).toBe(29_000);
  expect(circuits.admit('other', 1_000)).toBe(0);
});

test('a success between them begins the count anew', () => {
  const circuits = createCircuits();
  failing(circuits, 4);
  circuits.ended('slow', 'well', 0);
  failing(circuits, 4);
  expect(circuits.admit('slow', 0)).toBe(0);
});

test('after its rest one run tries; as it ends so it stands', () => {
  const circuits = createCircuits();
  failing(circuits, 5);
  expect(circuits.admit('slow', 30_000)).toBe(0);
  expect(circuits.admit('slow', 30_001)).toBeGreaterThan(0);
  circuits.ended('slow', 'ill', 31_000);
  expect(circuits.admit('slow', 31_000)).toBe(30_000);
  expect(circuits.admit('slow', 61_000)).toBe(0);
  circuits.ended('slow', 'well', 61_000);
  expect([circuits.admit('slow', 61_001), circuits.admit('slow', 61_002)]).toEqual([0, 0]);
});

test('a try that was given up leaves the next one to another', () => {
  const circuits = createCircuits();
  failing(circuits, 5);
  expect(circuits.admit('slow', 30_000)).toBe(0);
  circuits.ended('slow', 'unknown', 30_100);
  expect(circuits.admit('slow', 30_200)).toBe(0);
});
