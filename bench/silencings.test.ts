import { expect, test } from 'vitest';
import type { CallEvent } from '../contracts/call-event.ts';
import { decisionsToStops, silencingsOf } from './silencings.ts';

const at = { seq: 0, at: 0, turn: 1 };
const bargeIn = (decidedAtUs: number): CallEvent => ({
  ...at,
  type: 'barge-in',
  by: 'voice',
  decidedAtUs,
  unsentMs: 0,
  unplayedMs: 0,
});
const doubt = (outcome: 'raised' | 'given-back' | 'stopped', heldAtUs?: number): CallEvent => ({
  ...at,
  type: 'floor-disputed',
  outcome,
  atUs: 9_000_000,
  ...(heldAtUs !== undefined && { heldAtUs }),
});

test('every decision to be silent counts once: barge-ins, and doubts that gave the sentence back', () => {
  const journal = [bargeIn(2000), doubt('stopped', 2000), doubt('given-back', 1000), doubt('raised')];
  expect(silencingsOf(journal)).toEqual([1000, 2000]);
});

test('a stop is set against the last decision before it', () => {
  expect(decisionsToStops([1000, 5000], [1300, 5900])).toEqual([
    { decidedUs: 1000, tookMs: 0.3 },
    { decidedUs: 5000, tookMs: 0.9 },
  ]);
});

test('a stop whose decision is not in the journal is left out instead of being set against an older one', () => {
  expect(decisionsToStops([1000], [1300, 5900])).toEqual([{ decidedUs: 1000, tookMs: 0.3 }]);
});
