/**
 * What a few words say about who should speak: "wait" asks for the floor, "uh-huh" leaves it. Works on the first
 * partial, which may hold only the beginning of "got it", so a beginning says nothing yet.
 */
import { wordsOf } from './words/language.ts';
import { beginsPhrase, phraseAt, phraseAtEnd, wordsIn } from './words/tokens.ts';

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
  const { fillers, ...known } = wordsOf(language);
  const { stop = none, backchannel = none } = own;

  let at = 0;
  while (at < words.length) {
    const leaves = Math.max(...[known.backchannel, fillers].map(list => phraseAt(words, at, list)));
    const ownLeaves = phraseAt(words, at, backchannel);
    if (phraseAt(words, at, stop) > 0) return 'stop';
    if (ownLeaves === 0 && phraseAt(words, at, known.stop) > 0 && phraseAt(words, at, known.stop) >= leaves)
      return 'stop';
    if (ownLeaves + leaves === 0) break;
    at += Math.max(ownLeaves, leaves);
  }
  if (at === words.length) return 'backchannel';
  const asks = Math.max(phraseAtEnd(words, stop), phraseAtEnd(words, known.stop));
  if (asks > 0 && phraseAtEnd(words, backchannel) === 0) return 'stop';
  const rest = words.slice(at);
  return beginsPhrase(rest, backchannel) || beginsPhrase(rest, known.backchannel) ? 'nothing' : 'content';
}
