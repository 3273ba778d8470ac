/**
 * Days of the business, as `2026-11-24`, where the business is and not where the program runs. Sample records say
 * "-12 days" or "+3 working days", so that they are as fresh in a year as today. Pure: now is an argument.
 */
export const timeZone = 'America/New_York';

const dayMs = 86_400_000;

/** @param now epoch milliseconds */
export function today(now: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now);
}

/** `14:05`. */
export function timeOfDay(now: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(now);
}

export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

/** `1984-03-09`, or "March 9, 1984" as people say it; undefined for what is no day. */
export function spokenDate(text: string): string | undefined {
  const [, name = '', date = '', year] = /^(\p{L}+) (\d{1,2}),? (\d{4})$/u.exec(text.trim()) ?? [];
  const month = String(months.indexOf(name.toLowerCase()) + 1).padStart(2, '0');
  const day = year === undefined ? text.trim() : `${year}-${month}-${date.padStart(2, '0')}`;
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // 30 February is the second of March to some engines.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day) ? day : undefined;
}

/** 0 is Sunday. */
export const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** What a record may have in place of a day. */
export const dayPattern = /^(\d{4}-\d\d-\d\d|[+-]\d{1,4} (working )?days)$/;

/** @param written as `dayPattern` has it */
export function dayOf(written: string, now: number): string {
  const [, count, kind] = /^([+-]\d+) (days|working days)$/.exec(written) ?? [];
  if (count === undefined) return written;
  const days = Number(count);
  return kind === 'days' ? daysAfter(today(now), days) : workingDaysAfter(today(now), days);
}

function workingDaysAfter(day: string, days: number): string {
  let at = day;
  for (let left = Math.abs(days); left > 0; ) {
    at = daysAfter(at, Math.sign(days));
    if (isWorkingDay(at)) left -= 1;
  }
  return at;
}

const isWorkingDay = (day: string): boolean => weekday(day) % 6 !== 0;
