import type { EmergencyWords } from '../../../contracts/guard-words.ts';
import { type GuardWords, guardWords, hiddenWord } from '../../../contracts/guard-words.ts';
import { wordsOf } from '../../turn/words/language.ts';
import { phraseAt, wordsIn } from '../../turn/words/tokens.ts';
import { stem } from './stems.ts';

/**
 * What the rules of a scenario find in a caller's words. Whole words in a row and never parts of words; a clause that
 * denies, reports or asks about a thing is not taken for the thing. Where it is in doubt nothing is found: the model reads
 * the same words and may do all that a rule does.
 */

/** Longest way from a negation to what it denies. */
const farthest = 5;

/** The words of each clause. */
export function clausesOf(text: string, language: string): string[][] {
  const { joints, skips } = guardWords(language);
  const { fillers } = wordsOf(language);
  return text
    .replace(/[^\s,.;:!?]*\*{2,}[^\s,.;:!?]*/gu, hiddenWord)
    .split(/[.,;:!?¿¡…—–\n]+/u)
    .flatMap(part => parted(wordsIn(part), joints))
    .map(clause => without(clause, [skips, fillers]))
    .filter(clause => clause.length > 0);
}

function parted(words: readonly string[], joints: readonly string[]): string[][] {
  const clauses: string[][] = [[]];
  for (let at = 0; at < words.length; ) {
    const joint = phraseAt(words, at, joints);
    if (joint > 0) clauses.push([]);
    else clauses.at(-1)?.push(words[at] ?? '');
    at += Math.max(1, joint);
  }
  return clauses;
}

function without(words: readonly string[], lists: readonly (readonly string[])[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; ) {
    const skipped = Math.max(...lists.map(list => phraseAt(words, at, list)));
    if (skipped === 0) kept.push(words[at] ?? '');
    at += Math.max(1, skipped);
  }
  return kept;
}

/** Whether one of the phrases stands in these words, the first that does. */
export const placeOf = (words: readonly string[], phrases: readonly string[]): number =>
  words.findIndex((_, at) => phraseAt(words, at, phrases) > 0);

/** Whether what begins at `at` is denied: a negation stands before it, with nothing in between but words that carry it on. */
export function denied(words: readonly string[], at: number, { negations, carriers, why }: GuardWords): boolean {
  if (phraseAt(words, 0, why) > 0) return false;
  for (let place = at - 1; place >= Math.max(0, at - farthest); place--) {
    if (phraseAt(words, place, negations) > 0) return true;
    const carried = phraseAt(words, place, carriers) > 0 || endsPhrase(words, place, negations);
    if (!carried) return false;
  }
  return false;
}

/** The second word of "do not". */
const endsPhrase = (words: readonly string[], at: number, phrases: readonly string[]): boolean =>
  at > 0 && phraseAt(words, at - 1, phrases) === 2;

/** Words of a customer: whole words in a row, endings aside. */
export function mentions(text: string, phrases: readonly string[], language: string): boolean {
  const words = stems(wordsIn(text), language);
  return placeOf(words, stemmed(phrases, language)) >= 0;
}

/** @param own the customer's, added to the language's */
export function tellsOfDanger(text: string, own: readonly string[], language: string): boolean {
  const words = guardWords(language);
  return clausesOf(text, language).some(clause => dangerIn(clause, own, words, language));
}

function dangerIn(clause: string[], own: readonly string[], words: GuardWords, language: string): boolean {
  const { says, innocent, told }: EmergencyWords = words.emergency;
  if (placeOf(clause, told) >= 0) return false;
  const harmless = clause.flatMap((_, at) => Array.from({ length: phraseAt(clause, at, innocent) }, (_, n) => at + n));
  const plain = stems(clause, language);
  const [known, added] = [stemmed(says, language), stemmed(own, language)];
  return clause.some((_, at) => {
    const length = Math.max(phraseAt(plain, at, known), phraseAt(plain, at, added));
    const meant = !Array.from({ length }, (_, n) => at + n).some(place => harmless.includes(place));
    return length > 0 && meant && !denied(clause, at, words);
  });
}

/** @param own the customer's, each of which insults as it stands */
export function insults(text: string, own: readonly string[], language: string): boolean {
  const words = guardWords(language);
  if (own.length > 0 && mentions(text, own, language)) return true;
  return clausesOf(text, language).some(clause => insultIn(clause, words, language));
}

function insultIn(clause: string[], words: GuardWords, language: string): boolean {
  const { says, insults: nouns, address, between, machines, swearing, told } = words.abuse;
  const plain = stems(clause, language);
  const known = stemmed(nouns, language);
  const insultAt = (at: number) => Math.max(phraseAt(clause, at, nouns), phraseAt(plain, at, known));
  const report = placeOf(clause, told);
  const reportedBefore = (at: number) => report >= 0 && report < at;
  const said = clause.some(
    (_, at) => phraseAt(clause, at, says) > 0 && !reportedBefore(at) && !denied(clause, at, words),
  );
  if (said) return true;
  const addressed = clause.some((_, at) => {
    const spoken = phraseAt(clause, at, address);
    if (spoken === 0 || reportedBefore(at) || denied(clause, at, words)) return false;
    for (let place = at + spoken; place < clause.length; ) {
      if (insultAt(place) > 0) return true;
      const filled = phraseAt(clause, place, between);
      if (filled === 0) return false;
      place += filled;
    }
    return false;
  });
  if (addressed) return true;
  const atMachine = clause.some((_, at) => {
    const length = insultAt(at);
    return (
      length > 0 && phraseAt(clause, at + length, machines) > 0 && !reportedBefore(at) && !denied(clause, at, words)
    );
  });
  return atMachine || onlyInsults(clause, insultAt, swearing);
}

/** "Idiot!", "you fucking moron": nothing else is said in the clause. */
function onlyInsults(clause: string[], insultAt: (at: number) => number, swearing: readonly string[]): boolean {
  let insulted = false;
  for (let at = 0; at < clause.length; ) {
    const insult = clause[at] === hiddenWord ? 0 : insultAt(at);
    const length = Math.max(insult, phraseAt(clause, at, swearing));
    if (length === 0) return false;
    insulted ||= insult > 0;
    at += length;
  }
  return insulted;
}

const cache = new Map<string, WeakMap<readonly string[], readonly string[]>>();

/** The phrases with their words' endings cut. */
function stemmed(phrases: readonly string[], language: string): readonly string[] {
  const known = cache.get(language) ?? new WeakMap<readonly string[], readonly string[]>();
  cache.set(language, known);
  const made = known.get(phrases) ?? phrases.map(phrase => stems(wordsIn(phrase), language).join(' '));
  known.set(phrases, made);
  return made;
}

const stems = (words: readonly string[], language: string): string[] => words.map(word => stem(word, language));
