import { expect, test } from 'vitest';
import { masked, personalValues, withoutPersonal, withoutWords } from './masked.ts';

test.each([
  ['My number is +49 (30) 2312-5101, ext. 12.', 'My number is +…01, ext. 12.'],
  ['Account 4471 has 12 euros.', 'Account …71 has 12 euros.'],
  ['Card 4111 1111 1111 1111, please.', 'Card …11, please.'],
  ['Pay to DE89 3704 0044 0532 0130 00 today.', 'Pay to …00 today.'],
  ['de89370400440532013000', '…00'],
  ['NL91 ABNA 0417 1643 00 is it', '…00 is it'],
  ['Write to anna.berger+bank@example.co.uk!', 'Write to …@…!'],
  ['٤٤٧١ in other digits', '…٧١ in other digits'],
  ['On 2026-11-24 at 9:30', 'On …24 at 9:30'],
  ['Table 4 at 7, room 112', 'Table 4 at 7, room 112'],
  ['Nothing to hide.', 'Nothing to hide.'],
])('%s', (text, hidden) => {
  expect(masked(text)).toBe(hidden);
  expect(masked(hidden)).toBe(hidden);
});

// In time that grows with the square of the length these would take minutes.
test.each([
  ['1'.repeat(200_000), '…11'],
  ['1 '.repeat(100_000).trim(), '…11'],
  ['a@'.repeat(100_000), 'a@'.repeat(100_000)],
  ['a.'.repeat(100_000), 'a.'.repeat(100_000)],
])('a text without end is masked all the same', (text, hidden) => {
  expect(masked(text) === hidden).toBe(true);
});

test('personal fields go however deep they stand, and their words are found for texts', () => {
  const found = { id: 7, owner: { name: 'Anna Berger', born: 1984 }, cards: [{ name: 'Visa', limit: 5 }] };
  expect(withoutPersonal(found, ['name', 'born'])).toEqual({ id: 7, owner: {}, cards: [{ limit: 5 }] });
  expect(withoutPersonal(found, [])).toBe(found);
  expect(withoutPersonal('text', ['name'])).toBe('text');
  expect(personalValues(found, ['owner'])).toEqual(['Anna Berger', '1984']);
  expect(personalValues(null, ['owner'])).toEqual([]);
});

test('the words themselves are taken out of a text, and each of their parts', () => {
  expect(withoutWords('Berger, ANNA: 3 open.', ['Anna Berger'])).toBe('…, …: 3 open.');
  expect(withoutWords('a (b) c', ['(b)'])).toBe('a … c');
});
