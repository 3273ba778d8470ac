/**
 * What a few words say about who should speak: "wait" asks for the floor, "uh-huh" leaves it. Works on the first partial,
 * which may hold only the beginning of "got it", so a beginning says nothing yet.
 */
import { wordsOf } from './words/language.ts';
import { onlyPhrases, phraseAt, phraseAtEnd, wordsIn } from './words/tokens.ts';

/** What words heard while the agent speaks mean for the floor. */
export type FloorMeaning = 'stop' | 'backchannel' | 'content' | 'nothing';

/** An agent's own words, beside those of the language; they win over it. */
export interface OwnFloorWords {
  stop?: readonly string[];
  backchannel?: readonly string[];
}

const none: readonly string[] = [];

export function floorMeaning(text: string, language: string, own: OwnFloorWords = {}): FloorMeaning {
  const words = wordsIn(text);
  if (words.length === 0 || (words.length === 1 && /^\p{L}$/u.test(words[0]!))) return 'nothing';
  const known = wordsOf(language);
  const { stop = none, backchannel = none } = own;
  const asksAt = (at: number): boolean =>
    phraseAt(words, at, stop) > 0 ||
    (phraseAt(words, at, known.stop) > 0 && phraseAt(words, at, backchannel) < phraseAt(words, at, known.stop));
  const leavesAt = (at: number): number =>
    Math.max(...[backchannel, known.backchannel, known.fillers].map(list => phraseAt(words, at, list)));

  let at = 0;
  while (at < words.length) {
    const leaves = leavesAt(at);
    if (asksAt(at) && leaves <= Math.max(phraseAt(words, at, stop), phraseAt(words, at, known.stop))) return 'stop';
    if (leaves === 0) break;
    at += leaves;
  }
  if (at === words.length) return 'backchannel';
  const ends = Math.max(phraseAtEnd(words, stop), phraseAtEnd(words, known.stop));
  if (ends > 0 && !onlyPhrases(words.slice(-ends), backchannel)) return 'stop';
  return begins(words.slice(at), [backchannel, known.backchannel]) ? 'nothing' : 'content';
}

/** Whether the words are the beginning of a longer backchannel. */
function begins(words: readonly string[], lists: readonly (readonly string[])[]): boolean {
  const start = `${words.join(' ')} `;
  return lists.some(list => list.some(phrase => wordsIn(phrase).join(' ').startsWith(start)));
}
