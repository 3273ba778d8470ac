import { type Rule, rule } from './rule.ts';
import type { Tongue } from './tongue.ts';

/** Dates in numbers. What cannot be a date is left for other rules. */
export function dateRules({ date, dayFirst }: Tongue): Rule[] {
  const said = (day: number, month: number, year: string | undefined) =>
    month >= 1 && month <= 12 && day >= 1 && day <= (longest[month - 1] ?? 0) ? date(day, month, year) : undefined;
  return [
    rule(/(?<![\d.:/-])(\d{4})-(\d{2})-(\d{2})(?![\d-]|[.:/]\d)/gu, ([, year, month, day]) =>
      said(Number(day), Number(month), year),
    ),
    rule(/(?<![\d.:/-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d{2})(?![\d/-]|[.:]\d)/gu, ([, one, mark, two, year]) => {
      const first = Number(one);
      const second = Number(two);
      const firstIsDay = first > 12 || mark === '.' || (second <= 12 && dayFirst);
      return firstIsDay ? said(first, second, year) : said(second, first, year);
    }),
  ];
}

const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
