import { type Part, type Rule, rule } from './rule.ts';
import { amountOf, type Tongue } from './tongue.ts';

/** Amounts of money, with the sign before or behind. */
export function moneyRules(tongue: Tongue): Rule[] {
  const { money, scales, decimal } = tongue;
  const signs = Object.keys(money).map(escaped).join('|');
  const scaled = scales.map(([written]) => written).join('|');
  const number = '\\d{1,3}(?:[.,\\u0020\\u00a0\\u202f’]\\d{3})+(?:[.,]\\d{1,2})?|\\d+(?:[.,]\\d+)?';
  const scale = `(?:[ \\u00a0]?(${scaled})(?![\\p{L}\\p{N}]))?`;
  const behind = '(?![\\d%]|[.,]\\d)';

  const say = (match: RegExpExecArray, sign: string, written: string, big: string | undefined) => {
    const coin = money[sign] ?? money[sign.toUpperCase()];
    if (!coin) return undefined;
    if (big !== undefined) {
      const [, said = big, join = ' '] = scales.find(([one]) => new RegExp(`^(?:${one})$`, 'iu').test(big)) ?? [];
      return `${written} ${said}${join}${coin.many}`;
    }
    const { whole, cents } = amountOf(written, decimal);
    if (cents.length > 2) return `${whole}${decimal}${cents} ${coin.many}`;
    const hundredths = Number(cents.padEnd(2, '0'));
    const main = `${whole} ${tongue.isOne(Number(whole)) ? coin.one : coin.many}`;
    if (hundredths === 0) return main;
    const rest = `${hundredths} ${hundredths === 1 ? coin.cent : coin.cents}`;
    if (Number(whole) === 0) return rest;
    // Who hears "1234 dollars" of $1,234.50 has heard all but its end.
    const tail = match[0].length - match[0].lastIndexOf(cents) + 1;
    const parts: Part[] = [
      { spoken: main, length: match[0].length - tail },
      { spoken: ` ${tongue.and} ${rest}`, length: tail },
    ];
    return parts;
  };

  return [
    rule(new RegExp(`(?<![\\p{L}\\p{N}])(${signs})[ \\u00a0]?(${number})${scale}${behind}`, 'giu'), match =>
      say(match, match[1] ?? '', match[2] ?? '', match[3]),
    ),
    rule(new RegExp(`(?<![\\p{L}\\p{N}.,])(${number})${scale}[ \\u00a0]?(${signs})(?![\\p{L}\\p{N}])`, 'giu'), match =>
      say(match, match[3] ?? '', match[1] ?? '', match[2]),
    ),
  ];
}

const escaped = (sign: string): string => sign.replace(/[$.*+?^()[\]{}|\\]/g, '\\$&');
