/**
 * What turn taking must know of a language, as plain word lists: lower case, no punctuation, several words separated by
 * one space. A language nobody wrote down gets empty lists, so its turns are judged by silence and punctuation alone.
 */
import type { ClauseWords } from './clauses.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

/** A sentence as a language writes it down for turn taking. */
export interface LanguageWords {
  /** Sounds of thinking. */
  fillers: readonly string[];
  /** After these a sentence goes on. */
  dangling: readonly string[];
  /** After these it usually goes on, but may end: particles, pronouns. */
  leaning: readonly string[];
  /** What tells a clause that has not said anything yet. */
  clause?: ClauseWords;
  /** Verbs that end a subordinate clause: "wo die Filiale ist". */
  clauseEnds?: readonly string[];
  /** "Who am I speaking to": words that may end a question with these openers. */
  stranding?: { openers: readonly string[]; endings: readonly string[] };
  /** "Ne marche plus": words that end a sentence after these. */
  negated?: { by: RegExp; endings: readonly string[] };
  /** Says itself that more will come: "let me see". */
  holding: readonly string[];
  /** Opens a clause that waits for its main clause: "if", "when". */
  subordinate: readonly string[];
  questions: readonly string[];
  /** Ends what was said: "please", "thank you", "that's all". */
  closers: readonly string[];
  greetings: readonly string[];
  yes: readonly string[];
  no: readonly string[];
  /** Single words that are a whole answer. */
  answers: readonly string[];
  /** Words for values; see numbers.ts for how they are put together. */
  numbers: Readonly<Record<string, number>>;
  /** Counts in twenties from 60 on, as French does. */
  vigesimal?: boolean;
  /** Joins the parts of a number: "one hundred and five". */
  numberJoints: readonly string[];
  /** "double five" */
  multiples: Readonly<Record<string, number>>;
  /** Reads a number written as one word, such as "fünfundzwanzig". */
  numberWord?: (word: string) => number | undefined;
  /** Named by the last word heard: the recogniser may write a figure for these. */
  email: { at: readonly string[]; dot: readonly string[]; marks: readonly string[] };
  /** "s as in sugar" */
  spellingLinks: readonly string[];
  /** Words that name a street; a leading "-" stands for the end of a word ("-straße"). */
  streets: readonly string[];
  /** Where the postal code stands: after the town, or before it. */
  postalCode: 'last' | 'before-town';
  /** Digit strings that are a whole telephone number, from their first to their last digit. */
  phone: RegExp;
  /** Left out when two spellings are compared: units and signs that figures carry otherwise. */
  unspoken: readonly string[];
  /** One spelling for words written in several ways. */
  spelling: Readonly<Record<string, string>>;
  /** Asks for the floor while the agent speaks. */
  stop: readonly string[];
  /** Says "I am listening, go on". */
  backchannel: readonly string[];
}

const neutral: LanguageWords = {
  fillers: ['uh', 'um', 'er', 'eh', 'hm', 'hmm', 'mm'],
  dangling: [],
  leaning: [],
  holding: [],
  subordinate: [],
  questions: [],
  closers: [],
  greetings: [],
  yes: [],
  no: ['no'],
  answers: [],
  numbers: {},
  numberJoints: [],
  multiples: {},
  email: { at: ['at'], dot: ['dot'], marks: [] },
  spellingLinks: [],
  streets: [],
  postalCode: 'last',
  phone: /^$/,
  unspoken: [],
  spelling: {},
  stop: ['stop', 'no'],
  backchannel: ['uh', 'uh huh', 'mm', 'mhm', 'mm hmm', 'hm', 'hmm', 'aha', 'ah', 'oh', 'ok', 'okay'],
};

const known: Readonly<Record<string, LanguageWords>> = { de, en, es, fr };

/** The words of a language or locale: "de", "de-CH". */
export function wordsOf(language: string): LanguageWords {
  return known[language.slice(0, 2).toLowerCase()] ?? neutral;
}
