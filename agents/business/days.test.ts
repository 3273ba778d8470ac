import { expect, test } from 'vitest';
import { dayOf, spokenDate, timeOfDay, today } from './days.ts';

/** A Friday, late in the evening in New York and Saturday elsewhere. */
const now = Date.parse('2026-11-21T02:30:00Z');

test('the day is that of the business', () => {
  expect(today(now)).toBe('2026-11-20');
  expect(timeOfDay(now)).toBe('21:30');
});

test.each([
  ['2026-12-24', '2026-12-24'],
  ['-12 days', '2026-11-08'],
  ['+0 days', '2026-11-20'],
  ['+1 working days', '2026-11-23'],
  ['+6 working days', '2026-11-30'],
  ['-1 working days', '2026-11-19'],
])('"%s" is %s', (written, day) => expect(dayOf(written, now)).toBe(day));

test.each([
  ['1984-03-09', '1984-03-09'],
  ['March 9, 1984', '1984-03-09'],
  ['december 31 2001', '2001-12-31'],
  ['Brumaire 18 1799', undefined],
  ['February 30, 1984', undefined],
  ['1984-02-30', undefined],
  ['yesterday', undefined],
])('"%s" is the day %s', (text, day) => expect(spokenDate(text)).toBe(day));
