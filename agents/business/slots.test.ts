import { expect, test } from 'vitest';
import type { Appointment, Doctor } from './records.ts';
import { freeSlots, slotOf } from './slots.ts';

const lang: Doctor = {
  ...{ id: 'lang', name: 'Dr. Lang', specialty: 'family medicine', general: true },
  ...{ days: [1, 3], from: '09:00', until: '10:30', minutes: 30 },
};
/** Mondays in the afternoon. */
const reyes: Doctor = { ...lang, id: 'reyes', name: 'Dr. Reyes', days: [1], from: '14:00', until: '14:30' };
/** Monday, 23 November, 9:10 in New York. */
const now = Date.parse('2026-11-23T14:10:00Z');
const ids = (...args: Parameters<typeof freeSlots>) => freeSlots(...args).map(({ id }) => id);

test('times that are past today are not offered; the soonest come first, of all doctors', () => {
  expect(ids([lang, reyes], [], now, { most: 4 })).toEqual([
    'lang.2026-11-23.0930',
    'lang.2026-11-23.1000',
    'reyes.2026-11-23.1400',
    'lang.2026-11-25.0900',
  ]);
});

test('a wish for a day or a part of it is met', () => {
  expect(ids([lang, reyes], [], now, { from: '2026-11-24', most: 1 })).toEqual(['lang.2026-11-25.0900']);
  expect(ids([lang, reyes], [], now, { part: 'afternoon', most: 2 })).toEqual([
    'reyes.2026-11-23.1400',
    'reyes.2026-11-30.1400',
  ]);
  expect(ids([lang], [], now, { from: '2020-01-01', most: 1 })).toEqual(['lang.2026-11-23.0930']);
});

test('what is booked is not offered, what was cancelled is again', () => {
  const booked: Appointment = {
    ...{ id: 'a', customer: '1', doctor: 'lang', day: '+2 working days', time: '09:00', status: 'booked' },
  };
  const first = (taken: Appointment[]) => ids([lang], taken, now, { from: '2026-11-25', most: 1 });
  expect(first([booked])).toEqual(['lang.2026-11-25.0930']);
  expect(first([{ ...booked, status: 'cancelled' }])).toEqual(['lang.2026-11-25.0900']);
});

test('every slot that is offered can be found again by its id', () => {
  const offered = freeSlots([lang, reyes], [], now, { most: 60 });
  expect(offered.length).toBeGreaterThan(30);
  for (const slot of offered) expect(slotOf(slot.id, [lang, reyes], now)).toEqual(slot);
});

test.each([
  ['a doctor nobody knows', 'brown.2026-11-25.0900'],
  ['a day off', 'lang.2026-11-24.0900'],
  ['a time outside the hours', 'lang.2026-11-25.1030'],
  ['a time in between', 'lang.2026-11-25.0910'],
  ['the past', 'lang.2026-11-18.0900'],
  ['too far ahead', 'lang.2027-11-24.0900'],
  ['no day', 'lang.2026-99-99.0900'],
  ['no slot at all', '../../etc'],
])('%s has no slot', (_, id) => expect(slotOf(id, [lang, reyes], now)).toBeUndefined());
