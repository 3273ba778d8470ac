/**
 * Things a caller gives piece by piece, with pauses to read or remember: digits, an e-mail address, a postal address, a
 * spelled name. Says whether what was given so far can be the whole of it.
 */
import type { LanguageWords } from './language.ts';
import { readNumbers } from './numbers.ts';
import { phraseAt, phraseAtEnd, type Token, wordsIn } from './tokens.ts';

/**
 * `whole`: nothing can be missing. `fits`: a known length or form is reached, though a longer one exists. `begun`: one
 * letter, which is a word in some languages.
 */
export type Collected = 'whole' | 'fits' | 'partly' | 'begun' | 'none';

/** The digits said without a break up to the end, and whether the last number may still grow ("ninety" … "one"). */
export function lastDigits(tokens: readonly Token[], language: LanguageWords): { digits: string; grows: boolean } {
  const readings = readNumbers(tokens, language);
  let digits = '';
  for (const reading of readings.toReversed()) {
    if (reading.digits !== undefined) digits = reading.digits + digits;
    else if (reading.text === 'o' && digits !== '') digits = `0${digits}`;
    else break;
  }
  return { digits, grows: readings.at(-1)?.grows === true };
}

/** `count` is how many digits were asked for, where that is known. */
export function collectedDigits(digits: string, language: LanguageWords, count?: number): Collected {
  if (digits === '') return 'none';
  if (count !== undefined) return digits.length >= count ? 'whole' : 'partly';
  if (/^3[47]/.test(digits)) return digits.length >= 15 ? 'whole' : 'partly';
  if (digits.length >= 16) return 'whole';
  // Payment cards begin with 4, 5 or 6, and so do telephone numbers: without a count the longer one is waited for.
  return !/^[456]\d{9,10}$/.test(digits) && language.phone.test(digits) ? 'fits' : 'partly';
}

const TLD = /^(?:com|net|org|edu|gov|info|biz|io|de|es|fr|at|ch|eu|uk|us|ca|mx|ar|be|it|nl|ie|au|nz|cat)$/;

/**
 * An address in words ("john dot smith at gmail dot com") or in signs ("john.smith@gmail.com"). In a sentence "at" and
 * "point" mean nothing of the kind, so they count only together, unless an address was `asked` for.
 */
export function collectedEmail(text: string, language: LanguageWords, asked: boolean): Collected {
  const { at: ats, dot: dots, marks } = language.email;
  const words = wordsIn(text.replace(/\.(?=\S)/g, ' dot '));
  const isDot = (word: string | undefined): boolean => word === 'dot' || (word !== undefined && dots.includes(word));
  const at = words.findLastIndex((word, i) => word === '@' || (ats.includes(word) && !isDot(words[i - 1])));
  const domain = words.slice(at + 1);
  if (at >= 0 && domain.length >= 3 && isDot(domain.at(-2)) && TLD.test(domain.at(-1)!)) return 'whole';
  const sign = at >= 0 && (words[at] === '@' || ats.every(word => word !== 'at'));
  if (sign || (at >= 0 && domain.some(isDot))) return 'partly';
  return asked && (at >= 0 || words.some(word => isDot(word) || marks.includes(word))) ? 'partly' : 'none';
}

/** A street with its number and a town or postal code. */
export function collectedAddress(tokens: readonly Token[], language: LanguageWords): Collected {
  const readings = readNumbers(tokens, language);
  const street = readings.findIndex(({ text }) =>
    language.streets.some(name => (name.startsWith('-') ? text.endsWith(name.slice(1)) : text === name)),
  );
  const numbered = readings.some(({ digits }) => digits !== undefined);
  if (street < 0 && !numbered) return 'none';
  if (street < 0 || !numbered) return 'partly';
  // A postal code may be said as "two eight zero one three", right after the house's number.
  const last = readings.length - 1;
  const isDigits = (i: number): boolean => readings[i]?.digits !== undefined;
  const postal = readings.some((_, i) => {
    if (i <= street || !isDigits(i) || isDigits(i + 1)) return false;
    const start = readings.findLastIndex((_, j) => j < i && !isDigits(j)) + 1;
    const run = readings.slice(start, i + 1).reduce((digits, reading) => digits + reading.digits, '');
    return run.length >= 5 && (language.postalCode === 'last' ? i === last : i < last);
  });
  if (postal) return 'whole';
  // British codes: "sw one a one a a", "SW1A 1AA".
  const tail = readings.slice(-7).map(reading => reading.digits ?? reading.text);
  if (/[a-z]{1,2}\d{1,2}[a-z]?\d[a-z]{2}$/.test(tail.filter(part => part.length <= 2).join(''))) return 'whole';
  return language.postalCode === 'last' && last > street && !isDigits(last) ? 'fits' : 'partly';
}

/** Letters said one by one at the end of the text: "s m i t h", "S-M-I-T-H", "s as in sugar". */
export function collectedSpelling(words: readonly string[], language: LanguageWords): Collected {
  let letters = '';
  let at = words.length;
  while (at > 0) {
    const word = words[at - 1]!;
    if (word.length === 1 && !/\d/.test(word)) {
      letters = word + letters;
      at -= 1;
      continue;
    }
    // "s as in sugar": the word only explains the letter before it.
    const link = phraseAtEnd(words.slice(0, at - 1), language.spellingLinks);
    const letter = words[at - 2 - link];
    if (link === 0 || letter?.length !== 1) break;
    letters = letter + letters;
    at -= 2 + link;
  }
  if (letters.length === 0) return 'none';
  if (letters.length === 1) return 'begun';
  // "Smith, s m i t h": the letters spell what was said before them.
  const before = words.slice(0, at);
  const named = before.some(
    (_, i) => before.slice(i).join('') === letters && phraseAt(before, i, language.fillers) === 0,
  );
  return named ? 'whole' : 'partly';
}
