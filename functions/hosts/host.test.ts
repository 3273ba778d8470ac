import { expect, test } from 'vitest';
import { type Host, heard, lostCalls, noticeLeaseMs, roomOf, silentAfterMs, stateOf, toBeNoticed } from './host.ts';

const beat = { hostId: 'mh-1', beat: 7, places: 3, calls: ['a', 'b'], draining: false, loopP99Ms: 2 };
const host = (more: Partial<Host> = {}): Host => ({ ...beat, heardAt: 0, told: false, ...more });

test('a beat counts when it is later than the last', () => {
  expect(heard(undefined, beat, 100)).toEqual({ ...beat, heardAt: 100, told: false });
  expect(heard(host(), { ...beat, beat: 8 }, 100)?.heardAt).toBe(100);
  expect(heard(host(), beat, 100)).toBeUndefined();
  expect(heard(host(), { ...beat, beat: 6 }, 100)).toBeUndefined();
});

test('a host that beats again was not silent: its next silence is noticed anew', () => {
  const back = heard(host({ noticedAt: 7_000, told: true }), { ...beat, beat: 8 }, 8_000);
  expect(back).toEqual({ ...beat, beat: 8, heardAt: 8_000, told: false });
});

test('a host is silent when it has not been heard for longer than three beats', () => {
  expect(stateOf(host(), silentAfterMs)).toBe('fresh');
  expect(stateOf(host(), silentAfterMs + 1)).toBe('silent');
  expect(stateOf(host({ draining: true }), 0)).toBe('draining');
  expect(stateOf(host({ draining: true }), silentAfterMs + 1)).toBe('silent');
});

test('only a fresh host has room', () => {
  expect(roomOf(host(), 0)).toBe(1);
  expect(roomOf(host({ calls: ['a', 'b', 'c', 'd'] }), 0)).toBe(0);
  expect(roomOf(host({ draining: true }), 0)).toBe(0);
  expect(roomOf(host(), silentAfterMs + 1)).toBe(0);
});

test('a silent host is noticed by one at a time, and by nobody once its calls have been told', () => {
  const at = 10_000;
  const noticed = (more: Partial<Host>, now = at) => toBeNoticed([host(more)], now).length === 1;
  expect(noticed({})).toBe(true);
  expect(noticed({ heardAt: at })).toBe(false);
  expect(noticed({ noticedAt: at })).toBe(false);
  expect(noticed({ noticedAt: at }, at + noticeLeaseMs + 1)).toBe(true);
  expect(noticed({ noticedAt: at, told: true }, at + noticeLeaseMs + 1)).toBe(false);
});

test('a call that another host has taken over is not lost', () => {
  const lost = host();
  const other = host({ hostId: 'mh-2', heardAt: 9_000, calls: ['b', 'c'] });
  const alsoLost = host({ hostId: 'mh-3', calls: ['a'] });
  expect(lostCalls(lost, [lost, other, alsoLost], 10_000)).toEqual(['a']);
});
