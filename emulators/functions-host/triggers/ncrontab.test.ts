import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextOccurrence, parseSchedule } from './ncrontab.ts';

const next = (expression: string, after: string): string | undefined => {
  const at = nextOccurrence(parseSchedule(expression), Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString().replace('.000Z', 'Z');
};

describe('the next occurrence', () => {
  test.each([
    ['* * * * * *', '2026-03-01T10:00:00.250Z', '2026-03-01T10:00:01Z'],
    ['*/5 * * * * *', '2026-03-01T10:00:58Z', '2026-03-01T10:01:00Z'],
    ['0 */5 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:05:00Z'],
    ['0 */5 * * * *', '2026-03-01T23:57:10Z', '2026-03-02T00:00:00Z'],
    ['0 30 9 * * Mon-Fri', '2026-03-06T09:30:00Z', '2026-03-09T09:30:00Z'],
    ['0 0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 12 13 * 5', '2026-03-14T00:00:00Z', '2026-11-13T12:00:00Z'],
    ['15,45 10-12 8/6 * jan,Jul *', '2026-02-01T00:00:00Z', '2026-07-01T08:10:15Z'],
    ['30 2 * * *', '2026-03-01T02:30:00Z', '2026-03-02T02:30:00Z'],
    ['0 0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  test('a day that never comes has none', () => {
    expect(next('0 0 0 30 2 *', '2026-01-01T00:00:00Z')).toBeUndefined();
  });

  test('is the first second that matches every field', () => {
    const field = (least: number, most: number): fc.Arbitrary<string> =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 2, max: 20 }).map(step => `*/${step}`),
      );
    const start = Date.UTC(2026, 4, 17, 8, 0, 0);
    fc.assert(
      fc.property(field(0, 59), field(0, 59), fc.integer({ min: 0, max: 3600 }), (second, minute, offset) => {
        const schedule = parseSchedule(`${second} ${minute} * * * *`);
        const after = start + offset * 1000;
        const found = nextOccurrence(schedule, after)!;
        const matches = (at: number): boolean => {
          const date = new Date(at);
          return (
            schedule.fields[0]!.includes(date.getUTCSeconds()) && schedule.fields[1]!.includes(date.getUTCMinutes())
          );
        };
        for (let at = after + 1000; at < found; at += 1000) expect(matches(at)).toBe(false);
        expect(matches(found)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

test.each([
  ['61 * * * * *', '"61" is no second'],
  ['* * * * 13 *', '"13" is no month'],
  ['* * * 0 * *', '"0" is no day'],
  ['* * * * * 7', '"7" is no weekday'],
  ['*/0 * * * * *', '"*/0" is no second'],
  ['5-1 * * * * *', '"5-1" is no second'],
  ['* * *', 'is no NCRONTAB schedule'],
  ['00:05:00', 'is no NCRONTAB schedule'],
  ['* * * * foo *', '"foo" is no month'],
])('%s is refused: %s', (expression, sentence) => {
  expect(() => parseSchedule(expression)).toThrow(sentence);
});
