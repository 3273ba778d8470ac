import { expect, test } from 'vitest';
import { createPlace } from './place.ts';

test('a word of the spoken form is found at its place in the sentence as it was written', () => {
  const place = createPlace('It costs $1,234.50 today.', 'en-US');
  expect(place.spoken).toBe('It costs 1234 dollars and 50 cents today.');
  const reached = ['It', 'costs', '1234', 'dollars', 'and', '50', 'cents', 'today', '.'].map((word, i) =>
    place.reached(word, i * 100, 90),
  );
  expect(reached).toEqual([2, 8, 9, 15, 15, 15, 18, 24, 25]);
});

test('a word the service spells otherwise moves nothing, and the next ones are found', () => {
  const place = createPlace('We met in the café on Monday.', 'en-US');
  const reached = ['We', 'met', 'in', 'the', 'coffee house', 'on'].map(word => place.reached(word, 0, 1));
  expect(reached).toEqual([2, 6, 9, 13, 13, 21]);
});

test('a word that stands only far ahead is not taken for this one', () => {
  const text = `Yes ${'and on and on '.repeat(5)}zebra`;
  const place = createPlace(text, 'en-US');
  place.reached('Yes', 0, 100);
  expect(place.reached('zebra', 100, 100)).toBe(3);
});

test('what broke off is taken up at the word that was cut', () => {
  const place = createPlace('Your parcel arrives on Tuesday at noon.', 'en-US');
  for (const [i, word] of ['Your', 'parcel', 'arrives', 'on', 'Tuesday'].entries()) place.reached(word, i * 100, 100);
  const all = place.spoken.length;
  expect(place.spoken.slice(place.cutAt(420, all))).toBe('Tuesday at noon.');
  expect(place.spoken.slice(place.cutAt(500, all))).toBe(' at noon.');
  expect(place.cutAt(500, 31)).toBe(undefined);
});

test('without word times nothing is said twice', () => {
  expect(createPlace('Your parcel.', 'en-US').cutAt(300, 12)).toBe(undefined);
});

test('text without a letter or a number has no pieces, a long one has many that leave no word out', () => {
  for (const text of ['', '🎉🎉', '...', ' \u200b', '؟!']) expect(createPlace(text, 'en-US').pieces()).toEqual([]);
  for (const [text, joint] of [
    ['word and '.repeat(1_111).trim(), ' '],
    ['a'.repeat(10_000), ''],
  ] as const) {
    const place = createPlace(text, 'en-US');
    const pieces = place.pieces().map(({ from, to }) => place.spoken.slice(from, to));
    expect(pieces.length).toBeGreaterThan(20);
    expect(pieces.join(joint)).toBe(text);
  }
});
