import { type Rule, rule } from './rule.ts';
import type { Tongue } from './tongue.ts';

/** Times of day: 14:30, 2pm, 14h30, 14.30 Uhr. */
export function clockRules({ time, timeMark }: Tongue): Rule[] {
  const mark = timeMark === '' ? '' : `(?:\\s?(?:${timeMark})(?![\\p{L}\\p{N}]))`;
  const said = (hour: string, minute: string, half?: string) => {
    const h = Number(hour);
    const m = Number(minute);
    if (m > 59 || h > 24 || (half && (h < 1 || h > 12))) return undefined;
    const which = half === undefined ? undefined : half.toLowerCase() === 'a' ? 'a' : 'p';
    return time(h % 24, m, which, hour.length === 2 && hour.startsWith('0'));
  };
  const rules = [
    rule(/(?<![\d.,:])(\d{1,2})(?:[:.](\d{2}))?\s?([ap])(?:\.\s?m\.|m\.?)(?![\p{L}\p{N}])/giu, match => {
      const [written, hour = '', minute = '0', half = ''] = match;
      const spoken = said(hour, minute, half);
      // "until 6 p.m." may end a sentence: then the stop stays.
      const last = match.index + written.length === match.input.length && written.endsWith('.');
      return spoken === undefined ? undefined : last ? `${spoken}.` : spoken;
    }),
    rule(
      new RegExp(`(?<![\\d.,:])(\\d{1,2}):(\\d{2})(?![\\d:])${mark === '' ? '' : `${mark}?`}`, 'giu'),
      ([, hour = '', minute = '']) => said(hour, minute),
    ),
  ];
  if (mark !== '')
    rules.push(
      rule(new RegExp(`(?<![\\d.,:])(\\d{1,2})[.](\\d{2})${mark}`, 'giu'), ([, hour = '', minute = '']) =>
        said(hour, minute),
      ),
    );
  return rules;
}
