import { type Rule, rule } from './rule.ts';
import { amountOf, type Tongue } from './tongue.ts';

/** Numbers with a unit: 5km, 20 °C, 25 %. */
export function measureRules({ units, percent, decimal, isOne }: Tongue): Rule[] {
  const written = Object.keys(units)
    .sort((a, b) => b.length - a.length)
    .map(unit => unit.replace(/[/.*+?^$()]/g, '\\$&'))
    .join('|');
  return [
    rule(/(?<=\d)[ \u00a0\u202f]?%(?!\d)/gu, () => ` ${percent}`),
    rule(
      new RegExp(`(?<![\\p{L}\\d.,])(\\d+(?:[.,]\\d+)*)[ \\u00a0\\u202f]?(${written})(?![\\p{L}\\p{N}/])`, 'gu'),
      match => {
        const [all, amount = '', unit = ''] = match;
        const { whole, cents } = amountOf(amount, decimal);
        const names = units[unit];
        if (!names) return undefined;
        const said = isOne(Number(`${whole}.${cents || 0}`)) ? names[0] : names[1];
        return [
          { spoken: amount, length: amount.length },
          { spoken: ` ${said}`, length: all.length - amount.length },
        ];
      },
    ),
  ];
}
