/**
 * Keys that follow one another are one answer: until the key that ends it, until none has followed for a while, or until
 * there are as many as are wanted. A fold. Callbacks are put in the order of their numbers, and an end that overtook one
 * of them waits for it.
 */
export interface KeyedAnswer {
  keys: readonly Keyed[];
  lastAt: number;
}

export interface Keyed {
  press: number;
  key: string;
  sequence: number | undefined;
}

export interface AnswerRules {
  afterMs: number;
  endKey: string;
  most: number;
}

export const nothingKeyed: KeyedAnswer = { keys: [], lastAt: 0 };

export function keyed(answer: KeyedAnswer, key: Keyed, at: number): KeyedAnswer {
  return { keys: [...answer.keys, key], lastAt: at };
}

/** A press that is known was told by the other path, with its number. */
export function numbered(answer: KeyedAnswer, press: number, sequence: number): KeyedAnswer {
  return { ...answer, keys: answer.keys.map(one => (one.press === press ? { ...one, sequence } : one)) };
}

/** When the answer is complete if no key follows; undefined while there is none. */
export function completeAt(answer: KeyedAnswer, { afterMs, endKey, most }: AnswerRules): number | undefined {
  if (answer.keys.length === 0) return undefined;
  const ordered = inOrder(answer.keys);
  const ended = ordered.at(-1)?.key === endKey || ordered.length >= most;
  return ended && !misses(ordered) ? answer.lastAt : answer.lastAt + afterMs;
}

export const keysOf = (answer: KeyedAnswer): string[] => inOrder(answer.keys).map(({ key }) => key);

/** Numbered ones in the order of their numbers, in the places they have among the others. */
function inOrder(keys: readonly Keyed[]): readonly Keyed[] {
  const sorted = keys.filter(key => key.sequence !== undefined).sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
  let next = 0;
  return keys.map(key => (key.sequence === undefined ? key : (sorted[next++] ?? key)));
}

function misses(ordered: readonly Keyed[]): boolean {
  const numbers = ordered.flatMap(({ sequence }) => (sequence === undefined ? [] : [sequence]));
  return numbers.length === ordered.length && numbers.some((n, i) => i > 0 && n - (numbers[i - 1] ?? n) !== 1);
}
