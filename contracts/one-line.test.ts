import { expect, test } from 'vitest';
import { oneLine } from './one-line.ts';

test('line breaks, tabs and runs of space become one space, and none is left at the ends', () => {
  expect(oneLine('  My\r\nname \t is\u2028Ann.\n')).toBe('My name is Ann.');
});

test('control characters, marks of direction and half characters are gone', () => {
  expect(oneLine('Pay\u0000 \u202e100\u2066 now\ud800\ue000!')).toBe('Pay 100 now !');
});

test('it is cut to length, and no character is cut in half', () => {
  expect(oneLine('one two three', 7)).toBe('one two');
  expect(oneLine('ab😀', 3)).toBe('ab');
  expect(oneLine('ab😀', 4)).toBe('ab😀');
});
