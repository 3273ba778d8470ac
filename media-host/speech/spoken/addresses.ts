import { type Part, type Rule, rule } from './rule.ts';
import type { Tongue } from './tongue.ts';

/** E-mail and web addresses: "at", "dot", "slash". A scheme is not said. */
export function addressRules({ address }: Tongue): Rule[] {
  const spell = (written: string): Part[] => {
    const parts: Part[] = [];
    for (const [piece] of written.matchAll(/[\p{L}\p{N}]+|[^\p{L}\p{N}]/gu)) {
      const said = address[piece] ?? piece;
      parts.push({ spoken: parts.length === 0 ? said : ` ${said}`, length: piece.length });
    }
    return parts;
  };
  /** A scheme belongs to the first piece that is said. */
  const web = (written: string): Part[] => {
    const scheme = /^https?:\/\//iu.exec(written)?.[0].length ?? 0;
    const [first, ...rest] = spell(written.slice(scheme).replace(/\/$/u, ''));
    if (!first) return [];
    const parts = [{ ...first, length: first.length + scheme }, ...rest];
    const last = parts.at(-1);
    if (last && written.endsWith('/')) last.length += 1;
    return parts;
  };
  const endings = 'com|org|net|io|co|eu|gov|edu|info|biz|app|dev|ai|uk|de|fr|es|at|ch|it|nl|us|ca|mx';
  return [
    rule(/(?<![\p{L}\p{N}.])[\p{L}\p{N}][\p{L}\p{N}._%+-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, ([written]) =>
      spell(written),
    ),
    rule(/https?:\/\/[\p{L}\p{N}][^\s<>"'()]*[\p{L}\p{N}/=&#]/giu, ([written]) => web(written)),
    rule(
      new RegExp(
        `(?<![\\p{L}\\p{N}@./-])(?:www\\.)?(?:[\\p{L}\\p{N}][\\p{L}\\p{N}-]*\\.)+(?:${endings})(?![\\p{L}\\p{N}-])(?:/[\\p{L}\\p{N}/_~%?=&#.-]*[\\p{L}\\p{N}/])?`,
        'gu',
      ),
      ([written]) => web(written),
    ),
  ];
}
