/** Moments as a model writes them: a date and time with its offset, or how long from now. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;
const duration = /^P(?=\d|T\d)(?:(\d{1,2})W)?(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?$/;

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** @returns epoch milliseconds, or undefined where it names no moment */
export function momentOf(text: string, now: number): number | undefined {
  const span = duration.exec(text);
  if (span) {
    const [weeks = 0, days = 0, hours = 0, minutes = 0] = span.slice(1).map(part => Number(part ?? 0));
    return now + (weeks * 7 + days) * dayMs + (hours * 60 + minutes) * minuteMs;
  }
  if (!moment.test(text)) return undefined;
  const at = Date.parse(text);
  const midnight = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  // To some engines 30 February is the second of March.
  if (Number.isNaN(at) || Number.isNaN(midnight)) return undefined;
  return new Date(midnight).toISOString().startsWith(text.slice(0, 10)) ? at : undefined;
}
