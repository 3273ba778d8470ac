import fc from 'fast-check';
import { expect, test } from 'vitest';
import { likePattern } from './like.ts';

test.each([
  ['a%', 'abc', true],
  ['a_c', 'abc', true],
  ['a_c', 'abbc', false],
  ['%', '', true],
  ['', 'a', false],
  ['a.c', 'abc', false],
  ['[a-c]x', 'bx', true],
  ['[^a-c]x', 'bx', false],
  ['[a', '[a', true],
  ['a%z', 'a\nz', true],
])('%j on %j is %s', (pattern, text, matches) => expect(likePattern(pattern, undefined).test(text)).toBe(matches));

test('the character after the escape mark stands for itself', () => {
  expect(likePattern('100!%', '!').test('100%')).toBe(true);
  expect(likePattern('100!%', '!').test('1000')).toBe(false);
  expect(likePattern('a!!b', '!').test('a!b')).toBe(true);
});

test('escaped text matches itself and nothing else', () => {
  const marked = (text: string) => [...text].map(char => `!${char}`).join('');
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const pattern = likePattern(marked(text), '!');
      expect(pattern.test(text)).toBe(true);
      expect(pattern.test(other)).toBe(text === other);
    }),
  );
});

test('any pattern can be used', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string(),
      (pattern, text) => typeof likePattern(pattern, '!').test(text) === 'boolean',
    ),
  );
});
