/**
 * Numbers as the digits a caller means, whether spoken ("five five oh", "twenty five", "double three") or written
 * ("55-0"). Neighbouring numbers are kept apart here; who needs one long number joins them.
 */
import type { LanguageWords } from './language.ts';
import type { Token } from './tokens.ts';

/** A stretch of text: a number as its digits, or a word as it is. */
export interface Reading extends Token {
  digits?: string;
  /** A spoken number that the next word may make larger: "ninety" before "one". */
  grows?: boolean;
}

function numberOf(word: string, language: LanguageWords): number | undefined {
  if (Object.hasOwn(language.numbers, word)) return language.numbers[word];
  return language.numberWord?.(word);
}

/** Whether a number that stands at `so` can take in `value` said right after it: twenty takes five, five does not. */
function joins(so: number, value: number, vigesimal: boolean): boolean {
  if (so === 0 || value === 0) return false;
  if (so % 1000 === 0) return value < 1000;
  if (so % 100 === 0) return value < 100;
  const rest = so % 100;
  if (vigesimal && (rest === 60 || rest === 80)) return value < 20;
  return rest >= 20 && rest % 10 === 0 && value < 10;
}

/** Reads one spoken number at `from`: its value and how many words it takes. */
function spokenNumber(
  tokens: readonly Token[],
  from: number,
  language: LanguageWords,
): { value: number; count: number } | undefined {
  const first = numberOf(tokens[from]!.text, language);
  if (first === undefined) return undefined;
  let whole = 0;
  let part = first;
  let at = from + 1;
  for (; at < tokens.length; at += 1) {
    let word = tokens[at]!.text;
    let taken = 1;
    const joint = language.numberJoints.includes(word);
    if (joint) {
      word = tokens[at + 1]?.text ?? '';
      taken = 2;
    }
    const value = numberOf(word, language);
    if (value === undefined) break;
    if (value === 20 && part % 100 === 4 && !joint && language.vigesimal) part += 76;
    else if (value === 1_000_000 && part > 0 && !joint) {
      whole += part * value;
      part = 0;
    } else if (value === 1000 && part > 0 && part < 1000 && !joint) {
      whole += part * value;
      part = 0;
    } else if (value === 100 && part > 0 && part < 100 && part % 10 !== 0 && !joint) part *= 100;
    else if (part === 0 && whole > 0 && value > 0 && value < 1000) part = value;
    else if (joins(part, value, language.vigesimal === true)) part += value;
    else break;
    at += taken - 1;
  }
  return { value: whole + part, count: at - from };
}

/** The text's words in order, numbers as digits. */
export function readNumbers(tokens: readonly Token[], language: LanguageWords): Reading[] {
  const readings: Reading[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at]!;
    const next = tokens[at + 1];
    if (/^\d+$/.test(token.text)) {
      readings.push({ ...token, digits: token.text });
      at += 1;
      continue;
    }
    const times = Object.hasOwn(language.multiples, token.text) ? language.multiples[token.text] : undefined;
    const repeated = next && (/^\d$/.test(next.text) ? Number(next.text) : numberOf(next.text, language));
    if (times !== undefined && next && repeated !== undefined && repeated < 10) {
      const digits = String(repeated).repeat(times);
      readings.push({ text: digits, digits, start: token.start, end: next.end });
      at += 2;
      continue;
    }
    const number = spokenNumber(tokens, at, language);
    if (!number) {
      readings.push(token);
      at += 1;
      continue;
    }
    const digits = String(number.value);
    const grows = joins(number.value, 1, language.vigesimal === true);
    readings.push({ text: digits, digits, grows, start: token.start, end: tokens[at + number.count - 1]!.end });
    at += number.count;
  }
  return readings;
}
