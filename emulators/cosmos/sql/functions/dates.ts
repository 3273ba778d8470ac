import { floorDivide, formatInstant, parseInstant, TICKS_PER_MS } from './instant.ts';
import type { BuiltIn } from './registry.ts';

type Part =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond'
  | 'weekday';

const PARTS: Record<string, Part> = Object.fromEntries(
  (
    [
      ['year', 'year yyyy yy'],
      ['month', 'month mm m'],
      ['day', 'day dd d'],
      ['hour', 'hour hh'],
      ['minute', 'minute mi n'],
      ['second', 'second ss s'],
      ['millisecond', 'millisecond ms'],
      ['microsecond', 'microsecond mcs'],
      ['nanosecond', 'nanosecond ns'],
      ['weekday', 'weekday dw w'],
    ] as [Part, string][]
  ).flatMap(([part, names]) => names.split(' ').map(name => [name, part] as const)),
);

/** Ticks (100 ns) in the parts of fixed length. A nanosecond is less than a tick and handled apart. */
const TICKS: Partial<Record<Part, bigint>> = {
  day: 86_400_000n * TICKS_PER_MS,
  hour: 3_600_000n * TICKS_PER_MS,
  minute: 60_000n * TICKS_PER_MS,
  second: 1000n * TICKS_PER_MS,
  millisecond: TICKS_PER_MS,
  microsecond: 10n,
};

function partOf(name: unknown): Part | undefined {
  return typeof name === 'string' ? PARTS[name.toLowerCase()] : undefined;
}

function dateOf(ticks: bigint): Date {
  return new Date(Number(floorDivide(ticks, TICKS_PER_MS)));
}

function monthNumber(ticks: bigint): number {
  const date = dateOf(ticks);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function add(part: Part | undefined, amount: unknown, ticks: bigint | undefined): string | undefined {
  if (part === undefined || part === 'weekday' || ticks === undefined) return undefined;
  if (typeof amount !== 'number' || !Number.isInteger(amount)) return undefined;
  if (part === 'nanosecond') return formatInstant(ticks + BigInt(Math.trunc(amount / 100)));
  const fixed = TICKS[part];
  if (fixed !== undefined) return formatInstant(ticks + fixed * BigInt(amount));
  return formatInstant(addMonths(ticks, part === 'year' ? amount * 12 : amount));
}

/** The 31st plus a month is the last day of the next one. */
function addMonths(ticks: bigint, months: number): bigint {
  const from = dateOf(ticks);
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  const difference = to.getTime() - from.getTime();
  return Number.isNaN(difference) ? -1n << 62n : ticks + BigInt(difference) * TICKS_PER_MS;
}

/** Counts boundaries crossed, not time passed: 23:59 to 00:01 is one day. */
function difference(part: Part | undefined, start: bigint | undefined, end: bigint | undefined): number | undefined {
  if (part === undefined || part === 'weekday' || start === undefined || end === undefined) return undefined;
  if (part === 'month') return monthNumber(end) - monthNumber(start);
  if (part === 'year') return dateOf(end).getUTCFullYear() - dateOf(start).getUTCFullYear();
  if (part === 'nanosecond') return Number(end - start) * 100;
  const size = TICKS[part]!;
  return Number(floorDivide(end, size) - floorDivide(start, size));
}

function read(part: Part | undefined, ticks: bigint | undefined): number | undefined {
  if (part === undefined || ticks === undefined) return undefined;
  const date = dateOf(ticks);
  const fraction = Number(ticks - floorDivide(ticks, TICKS.second!) * TICKS.second!);
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'weekday':
      return date.getUTCDay() + 1;
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
    case 'millisecond':
      return Math.floor(fraction / 10_000);
    case 'microsecond':
      return Math.floor(fraction / 10);
    case 'nanosecond':
      return fraction * 100;
  }
}

/** Rounds down to a multiple of `size` parts counted from `origin`. */
function bin(ticks: bigint | undefined, part: Part | undefined, size: unknown, origin: bigint | undefined) {
  if (ticks === undefined || part === undefined || origin === undefined || part === 'weekday') return undefined;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) return undefined;
  if (part === 'year' || part === 'month') {
    const months = part === 'year' ? size * 12 : size;
    const crossed = Math.floor((monthNumber(ticks) - monthNumber(origin)) / months) * months;
    return formatInstant(addMonths(origin, crossed));
  }
  const width = (TICKS[part] ?? 1n) * BigInt(size);
  return formatInstant(origin + floorDivide(ticks - origin, width) * width);
}

function fromParts(parts: unknown[]): string | undefined {
  if (!parts.every(part => Number.isInteger(part) && (part as number) >= 0)) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0, fraction = 0] = parts as number[];
  const two = (number: number | undefined): string => String(number).padStart(2, '0');
  const time = `${two(hour)}:${two(minute)}:${two(second)}.${String(fraction).padStart(7, '0')}`;
  const ticks = parseInstant(`${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${time}Z`);
  return ticks === undefined ? undefined : formatInstant(ticks);
}

function fromNumber(value: unknown, ticksPerUnit: bigint): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return formatInstant(BigInt(value) * ticksPerUnit);
}

function currently(compute: (nowMs: number) => unknown): BuiltIn {
  return { takes: [0, 0], compute: (_args, nowMs) => compute(Math.trunc(nowMs)) };
}

const nowText = currently(nowMs => formatInstant(BigInt(nowMs) * TICKS_PER_MS));
const nowTicks = currently(nowMs => nowMs * Number(TICKS_PER_MS));
const nowTimestamp = currently(nowMs => nowMs);

/** Dates are ISO strings; `nowMs` is fixed for a whole query, so the static variants are the same functions. */
export const DATES: Record<string, BuiltIn> = {
  GETCURRENTDATETIME: nowText,
  GETCURRENTDATETIMESTATIC: nowText,
  GETCURRENTTICKS: nowTicks,
  GETCURRENTTICKSSTATIC: nowTicks,
  GETCURRENTTIMESTAMP: nowTimestamp,
  GETCURRENTTIMESTAMPSTATIC: nowTimestamp,
  DATETIMEADD: { takes: [3, 3], compute: ([part, amount, date]) => add(partOf(part), amount, parseInstant(date)) },
  DATETIMEDIFF: {
    takes: [3, 3],
    compute: ([part, start, end]) => difference(partOf(part), parseInstant(start), parseInstant(end)),
  },
  DATETIMEPART: { takes: [2, 2], compute: ([part, date]) => read(partOf(part), parseInstant(date)) },
  DATETIMEBIN: {
    takes: [2, 4],
    compute: ([date, part, size = 1, origin = '1970-01-01T00:00:00Z']) =>
      bin(parseInstant(date), partOf(part), size, parseInstant(origin)),
  },
  DATETIMEFROMPARTS: { takes: [3, 7], compute: parts => fromParts(parts) },
  DATETIMETOTICKS: { takes: [1, 1], compute: ([date]) => ticksOf(date, 1n) },
  DATETIMETOTIMESTAMP: { takes: [1, 1], compute: ([date]) => ticksOf(date, TICKS_PER_MS) },
  TICKSTODATETIME: { takes: [1, 1], compute: ([ticks]) => fromNumber(ticks, 1n) },
  TIMESTAMPTODATETIME: { takes: [1, 1], compute: ([ms]) => fromNumber(ms, TICKS_PER_MS) },
};

function ticksOf(date: unknown, unit: bigint): number | undefined {
  const ticks = parseInstant(date);
  return ticks === undefined ? undefined : Number(floorDivide(ticks, unit));
}
