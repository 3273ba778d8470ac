import { expect, test } from 'vitest';
import { inWords, spokenAmount, spokenDay, spokenId, spokenTime } from './spoken.ts';

test.each([
  [0, 'zero'],
  [13, 'thirteen'],
  [20, 'twenty'],
  [42, 'forty-two'],
  [100, 'one hundred'],
  [101, 'one hundred one'],
  [999, 'nine hundred ninety-nine'],
  [1000, 'one thousand'],
  [1_000_007, 'one million seven'],
  [2_345_678, 'two million three hundred forty-five thousand six hundred seventy-eight'],
  [1_200_000_000, 'one billion two hundred million'],
])('%i is said "%s"', (number, words) => expect(inWords(number)).toBe(words));

test.each([
  [234_567, 'USD', 'two thousand three hundred forty-five dollars and sixty-seven cents'],
  [100, 'USD', 'one dollar'],
  [101, 'EUR', 'one euro and one cent'],
  [1, 'GBP', 'one penny'],
  [0, 'EUR', 'zero euros'],
  [-4_000, 'CHF', 'minus forty francs'],
  [1_205, 'SEK', 'twelve point 0 5 S E K'],
])('%i hundredths of %s are said "%s"', (cents, currency, words) => expect(spokenAmount(cents, currency)).toBe(words));

test.each([
  ['4471', '4 4 7 1'],
  ['0012345678', '0 0 1, 2 3 4, 5 6 7 8'],
  ['12345', '1 2 3, 4 5'],
  ['inv-2031', 'I N V, 2 0 3 1'],
  ['A7', 'A, 7'],
  ['', ''],
])('the id %s is said "%s"', (id, words) => expect(spokenId(id)).toBe(words));

test('no sign of an id is lost or added, whatever it is', () => {
  for (const length of Array.from({ length: 40 }, (_, at) => at)) {
    const id = '1234567890'.repeat(4).slice(0, length);
    expect(spokenId(id).replace(/\D/g, '')).toBe(id);
  }
});

test.each([
  ['09:00', '9 a.m.'],
  ['12:00', '12 p.m.'],
  ['00:05', '12:05 a.m.'],
  ['14:30', '2:30 p.m.'],
])('%s is said "%s"', (time, words) => expect(spokenTime(time)).toBe(words));

test('a day is said with its weekday', () => expect(spokenDay('2026-11-24')).toBe('Tuesday, November 24'));
