/**
 * Whether words stop before their clause has said anything: a question that has named only whom it asks about ("is the
 * museum"), a thing of which nothing was said yet ("the screen of the tablet"). Nobody can list a language's verbs: where
 * words sit tells more, so this goes by the small words around them.
 */
import { phraseAt } from './tokens.ts';

export interface ClauseWords {
  /** Begin a noun phrase. */
  determiners: readonly string[];
  /** Those that begin an answer rather than a sentence: "a room with breakfast". */
  indefinite: readonly string[];
  /** A whole subject in a word. */
  pronouns: readonly string[];
  /** After these something is said about the subject: "is the museum open". */
  be: readonly string[];
  /** After these the subject does something: "does the office close". */
  auxiliaries: readonly string[];
  /** After an auxiliary and a pronoun these ask a whole question: "do you deliver". */
  sufficient: readonly string[];
  /** Begin a request as well as they end one: "please send". */
  requests: readonly string[];
  /** Questions that ask for more than a name: "why is my bill so high". */
  reasons: readonly string[];
  /** Join one noun phrase to another; the first of them follows quantities too: "one of my cards". */
  prepositions: readonly string[];
  /** Verbs that are met most, and whatever looks like one: with these a noun phrase has become a sentence. */
  verbs: readonly string[];
  verbLike?: RegExp;
  /** A small word written as one with the next: "l'écran". */
  elided?: RegExp;
  /** Verbs whose other half stands at the end: "kann mein Sohn … abholen". */
  bracket?: { verbs: readonly string[]; closes: RegExp };
}

/** Words that may stand between the question word and the verb: "what time", "how many rooms". */
const longestQuestionWord = 4;

/**
 * How much of a question is there where it has no more than a verb ("how long does") or a verb and a subject; undefined
 * where it asks something. `asks` are the words that begin one.
 */
export function asksNothing(
  words: readonly string[],
  asks: readonly string[],
  clause: ClauseWords,
): 'verb' | 'subject' | undefined {
  const { be, auxiliaries, pronouns, determiners, sufficient, reasons } = clause;
  const verbAt = words
    .slice(0, longestQuestionWord)
    .findIndex((_, i) => phraseAt(words, i, be) + phraseAt(words, i, auxiliaries) > 0);
  if (verbAt < 0 || (verbAt > 0 && phraseAt(words, 0, asks) === 0)) return undefined;
  const named = verbAt > 0 && !reasons.includes(words[0]!);
  const isBe = phraseAt(words, verbAt, be) > 0;
  const rest = words.slice(verbAt + Math.max(phraseAt(words, verbAt, be), phraseAt(words, verbAt, auxiliaries)));
  const [first, second = ''] = rest;
  if (first === undefined) return verbAt > 0 ? 'verb' : 'subject';
  if (pronouns.includes(first)) {
    const lacks = rest.length === 1 ? !(named && isBe) : !isBe && verbAt === 0 && !sufficient.includes(second);
    return lacks && rest.length < 3 ? 'subject' : undefined;
  }
  // "What is the price" asks for the noun itself.
  const least = (determiners.includes(first) ? 3 : 2) - (named && isBe ? 1 : 0);
  return rest.length < least ? 'subject' : undefined;
}

/** Nothing but a thing and where it is or whose: what of it is still to come. */
export function namesOnly(said: readonly string[], clause: ClauseWords): boolean {
  const { determiners, indefinite, prepositions, pronouns, verbs, verbLike, elided } = clause;
  const words = elided ? said.flatMap(word => word.split(elided)).filter(word => word !== '') : said;
  const [first = '', second = ''] = words;
  if (!determiners.includes(first) || (indefinite.includes(first) && second !== prepositions[0])) return false;
  if (words.some(word => verbs.includes(word) || pronouns.includes(word) || verbLike?.test(word))) return false;
  let nouns = 0;
  let joined = 0;
  for (const [i, word] of words.entries()) {
    if (determiners.includes(word) && nouns === 0) continue;
    if (prepositions.includes(word)) {
      if (nouns === 0 && i !== 1) return false;
      nouns = 0;
      joined += 1;
    } else if (determiners.includes(word) || ++nouns > mostNouns) return false;
  }
  return joined > 0 && nouns > 0;
}

/** "The red suitcase", "the swimming pool". */
const mostNouns = 2;

/** The verb's other half has not come. */
export function bracketOpen(words: readonly string[], { bracket }: ClauseWords): boolean {
  const at = bracket ? words.findIndex(word => bracket.verbs.includes(word)) : -1;
  return bracket !== undefined && at >= 0 && at < words.length - 1 && !bracket.closes.test(words.at(-1)!);
}
