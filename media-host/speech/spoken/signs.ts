import { type Rule, rule } from './rule.ts';
import type { Tongue } from './tongue.ts';

/** Ranges, minus signs, and whatever else the language writes shorter than it says. */
export function signRules({ to, minus, words }: Tongue): Rule[] {
  return [
    ...words.map(([pattern, say]) => rule(pattern, say)),
    // A second dash means that it is no range.
    rule(
      /(?<=(?<!\d[–—-]\d*|\p{L})\d(?:[%°]| ?(?:[ap]\.?m\.?|[$€£]))?)\s?[–—-]\s?(?=[$€£]?\d+(?![\d\p{L}]*[–—-]\d))/giu,
      () => ` ${to} `,
    ),
    rule(/(?<=^|[\s(])[-−](?=\d)/gu, () => `${minus} `),
  ];
}
