/**
 * A word without its ending, so that "investing in stocks" is found under "invest in stock". No grammar: two words that only
 * look alike may get one stem, but a word never gets the stem of a shorter one it merely contains.
 */
interface Endings {
  /** Longest first. */
  endings: readonly string[];
  /** Letters that must be left. */
  least: number;
  /** An ending may take the accent with it: "acción", "acciones". */
  accents?: 'dropped';
}

const known: Readonly<Record<string, Endings>> = {
  en: { endings: ['ing', "'s", 'ed', 'es', 's', 'e'], least: 3 },
  de: { endings: ['ern', 'en', 'er', 'es', 'em', 'e', 'n', 's'], least: 4 },
  es: { endings: ['as', 'os', 'es', 'a', 'o', 'e', 's'], least: 4, accents: 'dropped' },
  fr: { endings: ['ent', 'ez', 'er', 'es', 'e', 's', 'x'], least: 4, accents: 'dropped' },
};

const none: Endings = { endings: [], least: 0 };

/** @param language a locale such as de-AT */
export function stem(written: string, language: string): string {
  const { endings, least, accents } = known[language.slice(0, 2).toLowerCase()] ?? none;
  const word = accents === 'dropped' ? written.normalize('NFD').replace(/\p{M}/gu, '') : written;
  // The last of two equal letters is part of the word: "assess", "class".
  if (/([^e])\1$/u.test(word)) return word;
  const ending = endings.find(each => word.endsWith(each) && word.length - each.length >= least);
  if (ending === undefined) return word;
  const rest = word.slice(0, -ending.length);
  // "running", but "billing": what is doubled by the ending cannot be told from what was double before.
  return rest.length > least ? rest.replace(/([^aeioul])\1$/u, '$1') : rest;
}
