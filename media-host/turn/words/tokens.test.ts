import { expect, test } from 'vitest';
import { plainTokens, plainWords } from './tokens.ts';

test.each([
  ['are you open on monday', 'Are you open, on Monday?'],
  ["i don't know", 'I don’t know …'],
  ['über straße', 'Über Straße!'],
  ['', '?!'],
  ['4 4 7 1', '4, 4, 7, 1.'],
  ['مرحبا كيف حالك', 'مرحبا، كيف حالك؟'],
])('%j says the same as %j', (one, other) => expect(plainWords(one)).toEqual(plainWords(other)));

test.each([
  ['are you open', 'Are you opening?'],
  ['no', 'no no'],
  ['four', '4'],
  ['45', '4.5'],
  ['cafe', 'café'],
])('%j does not say the same as %j', (one, other) => expect(plainWords(one)).not.toEqual(plainWords(other)));

test('words are letters, marks and digits of any script, and each knows where it stands', () => {
  const text = 'Ünïted—Kingdom 5a, “日本語” 🎉 it’s';
  expect(plainWords(text)).toEqual(['ünïted', 'kingdom', '5a', '日本語', 'its']);
  expect(plainTokens(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    'Ünïted',
    'Kingdom',
    '5a',
    '日本語',
    'it’s',
  ]);
});
