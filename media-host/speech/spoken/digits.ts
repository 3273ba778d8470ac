import { type Part, type Rule, rule } from './rule.ts';
import type { Tongue } from './tongue.ts';

/** Numbers nobody counts with: telephones, accounts, codes. They are said digit by digit, in groups a listener can write down. */
export function digitRules({ digits, address, idCues, phones }: Tongue): Rule[] {
  const spell = (written: string): Part[] => spelled(written, digit => digits[Number(digit)] ?? digit, address['+']);
  const phone = (least: number) => (match: RegExpExecArray) => {
    const written = withinDigits(match[0], longestNumber);
    return written.replace(/\D/g, '').length >= least ? spell(written) : undefined;
  };
  return [
    rule(/(?<![\p{L}\p{N}+])\+\d{1,3}(?:(?! ?\d{4}-\d{2}-\d{2})[ ./-]?\(?\d{1,8}\)?){1,6}(?![\p{L}\p{N}])/gu, phone(7)),
    rule(/(?<![\p{L}\p{N}.,-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\p{L}\p{N}])/gu, phone(10)),
    rule(
      /(?<![\p{L}\p{N}.,:/-])\(?0\d{1,4}\)?(?:(?! \d{4}-\d{2}-\d{2})[ ./-]\d{2,8}){1,5}(?![\p{L}\p{N}])/gu,
      phone(7),
    ),
    ...phones.map(pattern => rule(pattern, phone(6))),
    // Cards and accounts in fours, and codes of letters and digits.
    rule(/(?<![\p{L}\p{N}.,-])\d{4}(?:[ -]\d{4}){2,4}(?![\p{L}\p{N}])/gu, ([written]) => spell(written)),
    rule(/(?<![\p{L}\p{N}-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![\p{L}\p{N}])/gu, ([written]) =>
      spell(written),
    ),
    rule(/(?<![\p{L}\p{N}@./_-])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\p{L}\p{N}@_-]|\.\p{L})/gu, ([written]) =>
      isCode(written) ? spell(written) : undefined,
    ),
    rule(/(?<![\p{L}\p{N}.,:/-])(?:\d{7,}|0\d{2,})(?![\p{L}\p{N}%°]|[.,:/-]\d)/gu, ([written]) => spell(written)),
    rule(
      new RegExp(
        `(?<=(?<!\\p{L})(?:${idCues})(?::| is| es| lautet| ist| est)? )\\d{3,6}(?![\\p{L}\\p{N}%°]|[.,:/-]\\d)`,
        'giu',
      ),
      ([written]) => spell(written),
    ),
  ];
}

/** The longest telephone number there is (E.164). */
const longestNumber = 15;

/** As many whole groups as have no more than `most` digits: what stands beside a number may be another one. */
function withinDigits(written: string, most: number): string {
  let end = 0;
  let digits = 0;
  for (const { 0: group, index } of written.matchAll(/\d+\)?/g)) {
    digits += group.replace(/\D/g, '').length;
    if (digits > most) break;
    end = index + group.length;
  }
  return written.slice(0, end);
}

/** Letters and digits that name a thing, and no word of its own such as COVID-19 or MP3. */
function isCode(written: string): boolean {
  const count = written.replace(/\D/g, '').length;
  if (count === 0 || !/[A-Z]/.test(written)) return false;
  const turns = written.replaceAll('-', '').match(/[A-Z]+|\d+/g)?.length ?? 0;
  return count >= 4 || (turns >= 3 && written.length >= 5);
}

/** One part for each character; a pause where a group ends, and in long groups after every three. */
function spelled(written: string, digit: (digit: string) => string, plus = '+'): Part[] {
  const parts: Part[] = [];
  for (const [run] of written.matchAll(/[A-Z]+|\d+|[^A-Z\d]+/g)) {
    const last = parts.at(-1);
    if (!/[A-Z\d]/.test(run)) {
      // What stands between groups belongs to the one before it, or to the first.
      if (run.includes('+')) parts.push({ spoken: plus, length: run.length });
      else if (last) last.length += run.length;
      else parts.push({ spoken: '', length: run.length });
      continue;
    }
    const pauses = pausesIn(run);
    for (const [i, character] of [...run].entries()) {
      const begins = parts.length === 0 || (parts.length === 1 && parts[0]?.spoken === '');
      const pause = begins ? '' : i === 0 && parts.at(-1)?.spoken !== plus ? ', ' : pauses.has(i) ? ', ' : ' ';
      parts.push({ spoken: pause + digit(character), length: 1 });
    }
  }
  return parts;
}

/** Before which characters of a run a pause stands: groups of three, the last of two to four. */
function pausesIn({ length }: string): ReadonlySet<number> {
  const pauses = new Set<number>();
  if (length > 4) for (let at = 3; length - at >= 2; at += 3) pauses.add(at);
  return pauses;
}
