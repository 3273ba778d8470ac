import { type GuardWords, guardWords, type PersonWords } from '../../../contracts/guard-words.ts';
import { wordsOf } from '../../turn/words/language.ts';
import { phraseAt } from '../../turn/words/tokens.ts';
import { clausesOf, denied, placeOf } from './guarded-words.ts';

/**
 * Whether a caller plainly asks for a human being: "can I speak to a person", "an agent, please", "get me a human". Who
 * asks whether they must, tells of somebody else, wants none, or only names one, does not.
 */
export function asksForPerson(text: string, language: string): boolean {
  const words = guardWords(language);
  const clauses = clausesOf(text, language);
  return clauses.some(clause => asksIn(clause, words)) || onlyNames(clauses, words.person, language);
}

function asksIn(clause: string[], words: GuardWords): boolean {
  const { speaks, wants, tails, behind, around, notAsking } = words.person;
  const other = placeOf(clause, notAsking);
  return clause.some((_, at) => {
    if (denied(clause, at, words) || (other >= 0 && other <= at + 1)) return false;
    const speak = phraseAt(clause, at, speaks);
    if (speak > 0 && personAt(clause, at + speak, words.person) > 0) return true;
    const want = phraseAt(clause, at, wants);
    const wanted = want > 0 ? personAt(clause, at + want, words.person) : 0;
    if (wanted > 0) {
      const end = at + want + wanted;
      if (end === clause.length || phraseAt(clause, end, tails) > 0) return true;
    }
    const named = personAt(clause, at, words.person);
    if (named > 0 && phraseAt(clause, at + named, behind) > 0) return true;
    return around.some(({ opens, closes }) => {
      const open = phraseAt(clause, at, opens);
      const person = open > 0 ? personAt(clause, at + open, words.person) : 0;
      if (person === 0) return false;
      const rest = clause.slice(at + open + person, at + open + person + farthestClose);
      const close = placeOf(rest, closes);
      return close >= 0 && placeOf(rest.slice(0, close), words.negations) < 0;
    });
  });
}

/** Words between "mit einem Menschen" and "sprechen". */
const farthestClose = 4;

/** How many words at `at` name a human being, with what stands before the noun; 0: none. */
function personAt(words: readonly string[], at: number, { before, nouns }: PersonWords): number {
  const noun = phraseAt(words, at, nouns);
  if (noun > 0) return noun;
  const led = phraseAt(words, at, before);
  if (led === 0) return 0;
  const rest = personAt(words, at + led, { before, nouns } as PersonWords);
  return rest > 0 ? led + rest : 0;
}

/** Nothing is said but a human being and what is polite: "Agent!", "No, a person please". */
function onlyNames(clauses: readonly string[][], person: PersonWords, language: string): boolean {
  const { greetings, closers, yes, no } = wordsOf(language);
  let named = false;
  for (const clause of clauses)
    for (let at = 0; at < clause.length; ) {
      const noun = personAt(clause, at, { ...person, nouns: person.alone });
      if (noun > 0) {
        if (phraseAt(clause, at - 1, no) > 0) return false;
        named = true;
        at += noun;
        continue;
      }
      const polite = Math.max(...[greetings, closers, yes, no, person.polite].map(list => phraseAt(clause, at, list)));
      if (polite === 0) return false;
      at += polite;
    }
  return named;
}
