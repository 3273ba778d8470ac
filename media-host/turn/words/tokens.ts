/** Text as words with their places, the same for hypotheses (lower case, no marks) and finals (written for the eye). */
export interface Token {
  text: string;
  /** Where it stands in the text, in UTF-16 units. */
  start: number;
  end: number;
}

const WORD = /[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*'?|\d+|[@$€£%+]/gu;

/** Words in lower case, figures and the signs that people speak out. Punctuation and hyphens part words. */
export function tokens(text: string): Token[] {
  const plain = text.replaceAll('’', "'");
  return Array.from(plain.matchAll(WORD), match => ({
    text: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

export function wordsIn(text: string): string[] {
  return tokens(text).map(token => token.text);
}

const PLAIN = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;

/**
 * Words as two texts are compared: without case, apostrophes and signs, figures with their letters. Recognition tells the
 * same words first plain and then written well, and a model spells a sentence as it likes.
 */
export function plainTokens(text: string): Token[] {
  return Array.from(text.matchAll(PLAIN), ({ 0: found, index }) => ({
    text: found.normalize('NFKC').replace(/['’]/gu, '').toLowerCase(),
    start: index,
    end: index + found.length,
  }));
}

export function plainWords(text: string): string[] {
  return plainTokens(text).map(token => token.text);
}

interface Phrases {
  known: ReadonlySet<string>;
  /** Words of the longest. */
  longest: number;
  /** What a longer phrase begins with, each ending at a word. */
  beginnings: ReadonlySet<string>;
}

const compiled = new WeakMap<readonly string[], Phrases>();

function phrasesOf(list: readonly string[]): Phrases {
  let phrases = compiled.get(list);
  if (!phrases) {
    const split = list.map(wordsIn);
    phrases = {
      known: new Set(split.map(words => words.join(' '))),
      longest: Math.max(0, ...split.map(words => words.length)),
      beginnings: new Set(split.flatMap(words => words.slice(0, -1).map((_, i) => words.slice(0, i + 1).join(' ')))),
    };
    compiled.set(list, phrases);
  }
  return phrases;
}

/** How many words at `from` make one of the phrases, the longest that does; 0 when none. */
export function phraseAt(words: readonly string[], from: number, list: readonly string[]): number {
  const { known, longest, beginnings } = phrasesOf(list);
  let phrase = '';
  let found = 0;
  for (let count = 1; count <= longest && from + count <= words.length; count += 1) {
    phrase = count === 1 ? words[from]! : `${phrase} ${words[from + count - 1]}`;
    if (known.has(phrase)) found = count;
    if (!beginnings.has(phrase)) break;
  }
  return found;
}

/** How many of the last words make one of the phrases, the longest that does; 0 when none. */
export function phraseAtEnd(words: readonly string[], list: readonly string[]): number {
  const { known, longest } = phrasesOf(list);
  let phrase = '';
  let found = 0;
  for (let count = 1; count <= longest && count <= words.length; count += 1) {
    const word = words[words.length - count]!;
    phrase = count === 1 ? word : `${word} ${phrase}`;
    if (known.has(phrase)) found = count;
  }
  return found;
}

/** Whether the words are the beginning of a longer phrase. */
export function beginsPhrase(words: readonly string[], list: readonly string[]): boolean {
  return phrasesOf(list).beginnings.has(words.join(' '));
}

/** Whether all the words are nothing but phrases of the lists, in any order. */
export function onlyPhrases(words: readonly string[], ...lists: (readonly string[])[]): boolean {
  let at = 0;
  while (at < words.length) {
    const count = Math.max(...lists.map(list => phraseAt(words, at, list)));
    if (count === 0) return false;
    at += count;
  }
  return words.length > 0;
}
