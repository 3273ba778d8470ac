/**
 * What a disturbance cost the agent's sentence: words of the known text that the ear missed, and words it heard again.
 */
export interface WordsAround {
  lost: number;
  repeated: number;
  /** The agent went on with something else, so that all the rest of the text was lost. */
  gaveUp: boolean;
}

const anchorWords = 3;
const lookWords = 12;

/**
 * @param before words heard up to the disturbance, @param after those heard from then on.
 * @returns undefined when it cannot be told: nothing came after, or the words before are of none of the texts.
 */
export function wordsAround(
  texts: readonly string[],
  before: readonly string[],
  after: readonly string[],
): WordsAround | undefined {
  if (after.length === 0) return undefined;
  const place = placeOf(
    texts.map(text => text.split(/\s+/).map(plain)),
    before.slice(-anchorWords).map(plain),
  );
  if (!place) return undefined;
  const { text } = place;
  let { next } = place;
  const heard = after.map(plain);
  const cost = { lost: 0, repeated: 0, gaveUp: false };
  for (const [i, word] of heard.entries()) {
    const found = nearest(text, next, word, heard[i + 1]);
    if (found === undefined) {
      cost.gaveUp = next < text.length;
      break;
    }
    if (found > next) cost.lost += found - next;
    else cost.repeated += next - found;
    next = found + 1;
  }
  return cost;
}

const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

function placeOf(texts: readonly string[][], anchor: readonly string[]): { text: string[]; next: number } | undefined {
  if (anchor.length < anchorWords) return undefined;
  for (const text of texts) {
    for (let at = 0; at + anchor.length <= text.length; at++) {
      if (anchor.every((word, i) => text[at + i] === word)) return { text, next: at + anchor.length };
    }
  }
  return undefined;
}

/** Where the text goes on with `word`, and then with `following`: as near to `next` as can be. */
function nearest(text: readonly string[], next: number, word: string, following: string | undefined) {
  for (let distance = 0; distance <= lookWords; distance++) {
    for (const at of distance === 0 ? [next] : [next - distance, next + distance]) {
      if (text[at] !== word) continue;
      if (distance === 0 || following === undefined || text[at + 1] === undefined || text[at + 1] === following)
        return at;
    }
  }
  return undefined;
}
