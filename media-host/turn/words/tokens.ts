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

const sets = new WeakMap<readonly string[], { phrases: Set<string>; longest: number }>();

function phraseSet(list: readonly string[]): { phrases: Set<string>; longest: number } {
  let set = sets.get(list);
  if (!set) {
    const phrases = list.map(phrase => wordsIn(phrase).join(' '));
    set = { phrases: new Set(phrases), longest: Math.max(0, ...phrases.map(phrase => phrase.split(' ').length)) };
    sets.set(list, set);
  }
  return set;
}

/** How many words at `from` make one of the phrases, the longest that does; 0 when none. */
export function phraseAt(words: readonly string[], from: number, list: readonly string[]): number {
  const { phrases, longest } = phraseSet(list);
  for (let count = Math.min(longest, words.length - from); count > 0; count -= 1) {
    if (phrases.has(words.slice(from, from + count).join(' '))) return count;
  }
  return 0;
}

/** How many of the last words make one of the phrases, the longest that does; 0 when none. */
export function phraseAtEnd(words: readonly string[], list: readonly string[]): number {
  const { phrases, longest } = phraseSet(list);
  for (let count = Math.min(longest, words.length); count > 0; count -= 1) {
    if (phrases.has(words.slice(words.length - count).join(' '))) return count;
  }
  return 0;
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
