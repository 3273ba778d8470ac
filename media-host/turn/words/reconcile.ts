/**
 * Whether two transcripts of the same sound say the same. A hypothesis is spoken form ("john dot smith at gmail dot
 * com, twenty five dollars"), its final is written form ("john.smith@gmail.com, $25"): both are brought to bare
 * letters and digits, and each piece remembers where it stood, so that the words a final has more can be cut out as
 * written.
 */
import { type LanguageWords, wordsOf } from './language.ts';
import { readNumbers } from './numbers.ts';
import { phraseAt, type Token, tokens } from './tokens.ts';

export interface Reconciled {
  verdict: 'same' | 'longer' | 'different';
  /** What the final says beyond the words acted on, as written. */
  more: string;
}

/** Does the late final say the same as the words already acted upon? Case, punctuation, spelling of numbers aside. */
export function reconcile(actedOn: string, final: string, language: string): Reconciled {
  const known = wordsOf(language);
  const before = bare(actedOn, known);
  const after = bare(final, known);
  const acted = before.map(piece => piece.text).join('');
  const whole = after.map(piece => piece.text).join('');
  if (acted === whole) return { verdict: 'same', more: '' };
  if (!whole.startsWith(acted)) return { verdict: 'different', more: '' };
  // "Dollars" after a number counts in neither; if it was acted on, the rest begins after it.
  const unspoken = (before.at(-1)?.end ?? 0) < (tokens(actedOn).at(-1)?.end ?? 0);
  let reached = 0;
  let end = 0;
  for (const piece of after) {
    if (reached === acted.length) return longer(final.slice(unspoken ? piece.start : end));
    const inside = acted.length - reached;
    if (inside < piece.text.length) {
      // In the middle of a word another word was said; in the middle of digits more digits were.
      const digits = /^\d+$/.test(piece.text) && /^\d+$/.test(before.at(-1)?.text ?? '');
      return digits
        ? longer(`${piece.text.slice(inside)}${final.slice(piece.end)}`)
        : { verdict: 'different', more: '' };
    }
    reached += piece.text.length;
    end = piece.end;
  }
  return { verdict: 'different', more: '' };
}

/** The rest without the marks that closed what was before; the dot of ".smith@" is part of it. */
function longer(rest: string): Reconciled {
  return { verdict: 'longer', more: rest.replace(/^(?:[\s,;:!?…-]|\.(?=\s|$))+/, '').trim() };
}

/** The text without anything that only one of the two forms carries. */
function bare(text: string, language: LanguageWords): Token[] {
  const all = tokens(text.replace(/(\d):00\b/g, '$1   '));
  const spoken: Token[] = [];
  const words = all.map(token => token.text);
  for (let at = 0; at < all.length; ) {
    const thinking = phraseAt(words, at, language.fillers);
    if (thinking > 0) at += thinking;
    else spoken.push(...respelled(all[at++]!, language));
  }
  const heard = spoken.filter(({ text }) => !/^[$€£%+]$/.test(text) && !language.unspoken.includes(text));
  const readings = readNumbers(heard, language);
  const isNumber = (i: number): boolean => readings[i]?.digits !== undefined;
  return readings.flatMap((reading, i) => {
    const { text, start, end } = reading;
    if (reading.digits !== undefined) return [{ text: reading.digits, start, end }];
    if (language.numberJoints.includes(text) && isNumber(i - 1) && isNumber(i + 1)) return [];
    // "21st", "3pm": the ordinal ending stands apart from its figure.
    if (/^(?:st|nd|rd|th)$/.test(text) && isNumber(i - 1) && readings[i - 1]!.end === start) return [];
    return [{ text: language.email.at.includes(text) ? '@' : text.replaceAll("'", ''), start, end }];
  });
}

/** The spelling the language settled on; "I'd" is "I would", and both stand where "I'd" stood. */
function respelled(token: Token, language: LanguageWords): Token[] {
  const { start, end } = token;
  const settled = Object.hasOwn(language.spelling, token.text) ? language.spelling[token.text]! : token.text;
  const open = settled.replace(/n't$/, ' not').replace(/'(ll|re|ve|d)$/, (_, ending: string) => ` ${endings[ending]}`);
  return open.split(' ').map(text => ({ text, start, end }));
}

const endings: Readonly<Record<string, string>> = { ll: 'will', re: 'are', ve: 'have', d: 'would' };
