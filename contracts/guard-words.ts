import { de } from './guard-words/de.ts';
import { en } from './guard-words/en.ts';
import { es } from './guard-words/es.ts';
import { fr } from './guard-words/fr.ts';

/**
 * The words by which a caller asks for a person, is in danger, or insults, as lists per language: lower case, phrases of
 * several words with one space between them. How they are put together is the same in all languages and not written here.
 */
export interface GuardWords {
  /** Part one clause from the next, beside punctuation. */
  joints: readonly string[];
  /** Say nothing by themselves and are left out. */
  skips: readonly string[];
  /** Undo what follows, and words that may stand between them and it. */
  negations: readonly string[];
  carriers: readonly string[];
  /** A clause that begins so complains of what is not: its negation is none. */
  why: readonly string[];
  person: PersonWords;
  emergency: EmergencyWords;
  abuse: AbuseWords;
}

export interface PersonWords {
  /** Human beings, as the other end of a telephone line. */
  nouns: readonly string[];
  /** Of these, the ones that ask for a person when nothing else is said. */
  alone: readonly string[];
  /** May stand before a noun. */
  before: readonly string[];
  /** With one of the nouns behind them these ask for a person, whatever follows. */
  speaks: readonly string[];
  /** These ask for one where nothing follows but what is in `tails`. */
  wants: readonly string[];
  tails: readonly string[];
  /** Behind a noun these ask for it. */
  behind: readonly string[];
  /** Around a noun these ask for it: "mit … sprechen". */
  around: readonly { opens: readonly string[]; closes: readonly string[] }[];
  /** Anywhere before, these tell of somebody else, or ask whether one must. */
  notAsking: readonly string[];
  /** May be said around a noun that stands alone. */
  polite: readonly string[];
}

export interface EmergencyWords {
  says: readonly string[];
  /** Contain such words and mean something else. */
  innocent: readonly string[];
  /** Make a story or a case of it, where they stand in the same clause. */
  told: readonly string[];
}

export interface AbuseWords {
  /** Insult as they stand. */
  says: readonly string[];
  /** Insult whoever they are said to. */
  insults: readonly string[];
  /** Say an insult to the agent: before it, with `between` in between, or behind it. */
  address: readonly string[];
  between: readonly string[];
  machines: readonly string[];
  /** Strong words that insult nobody by themselves. */
  swearing: readonly string[];
  /** Tell what somebody else said, or of the caller's own things. */
  told: readonly string[];
}

/** Stands for a word that recognition has hidden behind asterisks. */
export const hiddenWord = 'bleep';

const none: GuardWords = {
  joints: [],
  skips: [],
  negations: [],
  carriers: [],
  why: [],
  person: {
    ...{ nouns: [], alone: [], before: [], speaks: [], wants: [], tails: [], behind: [], around: [] },
    ...{ notAsking: [], polite: [] },
  },
  emergency: { says: [], innocent: [], told: [] },
  abuse: { says: [], insults: [], address: [], between: [], machines: [], swearing: [], told: [] },
};

const byLanguage: Readonly<Record<string, GuardWords>> = { de, en, es, fr };

/** @param language a locale such as de-AT; of a language nobody wrote down nothing is understood */
export function guardWords(language: string): GuardWords {
  return byLanguage[language.slice(0, 2).toLowerCase()] ?? none;
}
