import { expect, test } from 'vitest';
import { closedAfterMs } from './closed-streams.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const request = (forMs: number, lastUser: string) => ({
  at: new Date(startMs).toISOString(),
  outcome: 'aborted',
  lastUser,
  abortedAfterMs: forMs,
});
/** Two seconds into the streams, on a monotonic clock that began with them. */
const cut = { said: 'and the price', decidedUs: 2_000_000 };

test('a barge-in is set against the stream of what that caller had asked', () => {
  const requests = [request(2030, 'And the price?'), request(2005, 'Something else.')];
  expect(closedAfterMs(requests, [cut], startMs)).toEqual([30]);
});

test('a stream that had ended before the barge-in does not count', () => {
  expect(closedAfterMs([request(500, 'And the price?')], [cut], startMs)).toEqual([]);
});

test('a stream that goes on counts as never closed', () => {
  const { abortedAfterMs: _, ...open } = request(0, 'And the price?');
  expect(closedAfterMs([{ ...open, outcome: 'open' }], [cut], startMs)).toEqual([Number.POSITIVE_INFINITY]);
});
