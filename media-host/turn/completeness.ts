/**
 * How finished the caller's words sound, judged from the words alone: a hypothesis carries no marks and no melody, so
 * the last words, the form of a question, and whether a number or address can be whole must tell. Punctuation of a
 * final counts, but little: the recogniser puts a full stop after "I want to." as well.
 */
import type { Expectation } from '../../contracts/agent.ts';
import { asksNothing, bracketOpen, namesOnly } from './words/clauses.ts';
import {
  type Collected,
  collectedAddress,
  collectedDigits,
  collectedEmail,
  collectedSpelling,
  lastDigits,
} from './words/collecting.ts';
import { type LanguageWords, wordsOf } from './words/language.ts';
import { onlyPhrases, phraseAt, phraseAtEnd, type Token, tokens } from './words/tokens.ts';

/** `open` may well go on; `unfinished` must; `collecting` is in the middle of a number, an address or letters. */
export type Completeness = 'complete' | 'likely' | 'open' | 'unfinished' | 'collecting';

/** So many digits at the end of a sentence are a number being read out, whatever was asked for. */
const READ_OUT_DIGITS = 4;

/** How finished the words sound. `digits` is how many digits the agent asked for, where that is known. */
export function completeness(text: string, language: string, expects: Expectation, digits?: number): Completeness {
  const known = wordsOf(language);
  const mark = /[.?!…,;:-]\s*$/.exec(text)?.[0].trim();
  const all = tokens(text);
  let words = all.map(token => token.text);
  let thinking = 0;
  for (let count = 1; count > 0 && words.length > 0; ) {
    count = phraseAtEnd(words, known.fillers);
    words = words.slice(0, words.length - count);
    thinking += count;
  }
  if (words.length === 0) return 'unfinished';
  const said = all.slice(0, words.length);
  const plain = text.slice(0, said.at(-1)!.end);

  const collected = collecting(plain, said, words, known, expects, digits);
  if (collected === 'whole') return 'complete';
  if (collected === 'partly') return 'collecting';
  if (thinking > 0) return 'unfinished';
  // A street and a town are an address, but most people add the code.
  if (collected === 'fits') return expects === 'address' ? 'unfinished' : 'likely';
  return punctuated(grammar(words, known, expects), mark);
}

/** What the words hold of the thing asked for, or of one offered unasked. */
function collecting(
  text: string,
  said: readonly Token[],
  words: readonly string[],
  language: LanguageWords,
  expects: Expectation,
  count: number | undefined,
): Collected {
  const found = offered(text, said, words, language, expects, count);
  if (found !== 'none' || expects === 'anything' || expects === 'yes-no') return found;
  // Something was asked for and has not begun: "it is", "my address".
  return declines(words, language) ? 'none' : 'partly';
}

function offered(
  text: string,
  said: readonly Token[],
  words: readonly string[],
  language: LanguageWords,
  expects: Expectation,
  count: number | undefined,
): Collected {
  const email = collectedEmail(text, language, expects === 'email');
  if (email !== 'none' || expects === 'email') return email;
  if (expects === 'address') return collectedAddress(said, language);
  const spelled = collectedSpelling(words, language);
  if (spelled === 'begun' && words.length === 1) return 'partly';
  if (spelled !== 'begun' && spelled !== 'none') return spelled;
  if (expects === 'spelling') return 'none';
  const { digits, grows } = lastDigits(said, language);
  if (expects === 'digits') return grows ? 'partly' : collectedDigits(digits, language, count);
  return digits.length >= READ_OUT_DIGITS && !isYear(digits) ? collectedDigits(digits, language) : 'none';
}

function isYear(digits: string): boolean {
  return /^(?:19|20)\d\d$/.test(digits);
}

/** The caller answers with a sentence instead of what was asked for. */
function declines(words: readonly string[], language: LanguageWords): boolean {
  return (
    words.some((_, i) => phraseAt(words, i, language.no) > 0) ||
    phraseAtEnd(words, language.closers) > 0 ||
    phraseAtEnd(words, language.dangling) > 0 ||
    isQuestion(withoutGreeting(words, language), language)
  );
}

function isQuestion(words: readonly string[], language: LanguageWords): boolean {
  return words.length >= 3 && phraseAt(words, 0, language.questions) > 0;
}

/** The words after "hello" and "well". */
function withoutGreeting(words: readonly string[], { greetings }: LanguageWords): readonly string[] {
  let at = 0;
  for (let count = 1; count > 0; at += count) count = phraseAt(words, at, greetings);
  return words.slice(at);
}

function grammar(words: readonly string[], language: LanguageWords, expects: Expectation): Completeness {
  const { yes, no, closers, greetings } = language;
  if (phraseAtEnd(words, language.holding) > 0) return 'unfinished';
  if (onlyPhrases(words, yes, no, closers)) {
    const closed = phraseAtEnd(words, closers) > 0;
    if (expects !== 'yes-no' && onlyPhrases(words, language.clause?.requests ?? [])) return 'open';
    return expects === 'yes-no' || closed ? 'complete' : 'likely';
  }
  if (phraseAtEnd(words, closers) > 0) return 'complete';
  if (onlyPhrases(words, greetings)) return 'open';
  if (negates(words, language)) return 'likely';
  if (dangles(words, language)) return 'unfinished';
  if (asksWith(words, language) === 'verb') return 'unfinished';
  if (phraseAtEnd(words, language.leaning) > 0) return words.length === 1 ? 'unfinished' : 'open';
  const clause = withoutGreeting(words, language);
  if (saysNothing(clause, language)) return 'open';
  if (isQuestion(clause, language)) return 'complete';
  if (phraseAt(words, 0, language.subordinate) > 0 && words.length < 8) return 'open';
  if (words.length === 1) {
    if (phraseAt(words, 0, language.questions) > 0) return 'unfinished';
    return isAnswer(words[0]!, language) ? 'likely' : 'open';
  }
  // "My internet": what of it is still to come. "The second": an answer.
  const named = words.length === 2 && phraseAt(words, 0, language.dangling) === 1;
  if (named && !isAnswer(words[1]!, language)) return 'open';
  return 'likely';
}

function negates(words: readonly string[], { negated }: LanguageWords): boolean {
  const at = negated ? words.findIndex(word => negated.by.test(word)) : -1;
  return negated !== undefined && at >= 0 && at < words.length - 2 && negated.endings.includes(words.at(-1)!);
}

/** After the last words the sentence must go on. */
function dangles(words: readonly string[], language: LanguageWords): boolean {
  if (phraseAtEnd(words, language.dangling) === 0) return false;
  const { stranding, clauseEnds = [], clause: { prepositions = [] } = {} } = language;
  // "Who do I talk to" may be all, "who do I talk to about" may not.
  const stranded =
    stranding &&
    phraseAt(words, 0, stranding.openers) > 0 &&
    phraseAtEnd(words, stranding.endings) > 0 &&
    !prepositions.includes(words.at(-2) ?? '');
  if (stranded && words.length >= 4) return false;
  if (phraseAtEnd(words, clauseEnds) === 0) return true;
  const clause = words.findIndex(
    (_, i) => phraseAt(words, i, language.subordinate) + phraseAt(words, i, language.questions) > 0,
  );
  return clause < 0 || words.length - clause < 3;
}

const asksWith = (words: readonly string[], { clause, questions }: LanguageWords) =>
  clause && asksNothing(words, questions, clause);

/** Only the beginning of a clause: whom or what it is about, and a verb that waits for more. */
function saysNothing(words: readonly string[], language: LanguageWords): boolean {
  const { clause } = language;
  if (!clause) return false;
  const asked = phraseAt(words, 0, clause.requests);
  if (asked > 0 && words.length === asked + 1) return !isAnswer(words[asked]!, language);
  if (bracketOpen(words, clause) || asksWith(words, language)) return true;
  if (language.answers.includes(words[1] ?? '') || isAnswer(words.at(-1) ?? '', language)) return false;
  return namesOnly(words, clause);
}

function isAnswer(word: string, language: LanguageWords): boolean {
  if (language.dangling.length === 0 || language.answers.includes(word)) return true;
  return /^\d+$/.test(word) || Object.hasOwn(language.numbers, word) || language.numberWord?.(word) !== undefined;
}

/** A full stop confirms what is likely, a question mark more; a comma takes a step back. What must go on stays so. */
function punctuated(sounds: Completeness, mark: string | undefined): Completeness {
  if (sounds === 'unfinished' || mark === undefined) return sounds;
  if (mark === '?') return 'complete';
  if (mark === '.' || mark === '!') return sounds === 'open' ? 'open' : 'complete';
  if (mark === '…' || mark === '-') return 'unfinished';
  return sounds === 'complete' ? 'likely' : 'open';
}
