/*
 * NCRONTAB schedules: six fields (second minute hour day month weekday), or five without seconds. UTC throughout. All
 * fields must match at once, so a day and a weekday together mean both, unlike in classic cron.
 */

export interface Schedule {
  expression: string;
  /** Sorted allowed values of each field: second, minute, hour, day, month, weekday. */
  fields: readonly (readonly number[])[];
}

interface Field {
  name: string;
  least: number;
  most: number;
  names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly Field[] = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: ['', ...months] },
  { name: 'weekday', least: 0, most: 6, names: weekdays },
];

/** @throws with the field that is wrong */
export function parseSchedule(expression: string): Schedule {
  const parts = expression.trim().split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== 6) {
    throw new Error(
      `"${expression}" is no NCRONTAB schedule. Write six fields, for example "0 */5 * * * *" for every five minutes.`,
    );
  }
  return { expression, fields: parts.map((part, index) => parseField(part, fields[index]!, expression)) };
}

/**
 * The first matching time after `after`, both in ms since 1970.
 * @returns undefined for a day that never comes, such as 30 February
 */
export function nextOccurrence({ fields: allowed }: Schedule, after: number): number | undefined {
  const [seconds, minutes, hours, days, monthsAllowed, weekdaysAllowed] = allowed as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const start = Math.floor(after / 1000) * 1000 + 1000;
  const date = new Date(start);
  const lastYear = date.getUTCFullYear() + 8;
  while (date.getUTCFullYear() <= lastYear) {
    if (!monthsAllowed.includes(date.getUTCMonth() + 1)) {
      date.setUTCMonth(date.getUTCMonth() + 1, 1);
      date.setUTCHours(0, 0, 0, 0);
    } else if (!days.includes(date.getUTCDate()) || !weekdaysAllowed.includes(date.getUTCDay())) {
      date.setUTCDate(date.getUTCDate() + 1);
      date.setUTCHours(0, 0, 0, 0);
    } else if (!hours.includes(date.getUTCHours())) {
      date.setUTCHours(date.getUTCHours() + 1, 0, 0, 0);
    } else if (!minutes.includes(date.getUTCMinutes())) {
      date.setUTCMinutes(date.getUTCMinutes() + 1, 0, 0);
    } else if (!seconds.includes(date.getUTCSeconds())) {
      date.setUTCSeconds(date.getUTCSeconds() + 1, 0);
    } else {
      return date.getTime();
    }
  }
  return undefined;
}

function parseField(text: string, field: Field, expression: string): number[] {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(\*|[a-z]+|\d+)(?:-([a-z]+|\d+))?(?:\/(\d+))?$/i.exec(item);
    const step = Number(match?.[3] ?? 1);
    if (!match || step < 1) throw invalid(field, item, expression);
    const [, from, to, stepped] = match as unknown as [string, string, string | undefined, string | undefined];
    const first = from === '*' ? field.least : numberOf(from, field, item, expression);
    // "5/10" begins at 5 and runs to the end of the range.
    const open = from === '*' || stepped !== undefined;
    const last = to !== undefined ? numberOf(to, field, item, expression) : open ? field.most : first;
    if (last < first) throw invalid(field, item, expression);
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function numberOf(text: string, field: Field, item: string, expression: string): number {
  const named = field.names?.indexOf(text.slice(0, 3).toLowerCase()) ?? -1;
  const value = /^\d+$/.test(text) ? Number(text) : named;
  // NCRONTAB knows Sunday as 0 only.
  if (value < field.least || value > field.most || (named === 0 && field.names?.[0] === '')) {
    throw invalid(field, item, expression);
  }
  return value;
}

function invalid(field: Field, item: string, expression: string): Error {
  return new Error(
    `"${item}" is no ${field.name} in the schedule "${expression}". It takes ${field.least} to ${field.most}.`,
  );
}
