import { expect, test } from 'vitest';
import { agentTexts } from './duplex-script.ts';
import { wordsAround } from './words-around.ts';

const text = 'The walk begins at the old harbour and follows the river for about two miles.';
const words = text.split(' ');
const cost = (before: string[], after: string[]) => wordsAround([text], before, after);

test('a sentence that goes on costs nothing', () => {
  expect(cost(words.slice(0, 6), words.slice(6))).toEqual({ lost: 0, repeated: 0, gaveUp: false });
});

test('words missed and words heard twice are counted', () => {
  expect(cost(words.slice(0, 6), words.slice(8))).toEqual({ lost: 2, repeated: 0, gaveUp: false });
  expect(cost(words.slice(0, 6), words.slice(5))).toEqual({ lost: 0, repeated: 1, gaveUp: false });
  expect(cost(words.slice(0, 6), words.slice(4))).toEqual({ lost: 0, repeated: 2, gaveUp: false });
});

test('another answer means that the sentence was given up', () => {
  expect(cost(words.slice(0, 6), ['Sorry,', 'what', 'was', 'that?'])).toMatchObject({ gaveUp: true });
});

test('it is not told where there is nothing to tell', () => {
  expect(cost(words.slice(0, 6), [])).toBeUndefined();
  expect(cost(words.slice(0, 2), words.slice(2))).toBeUndefined();
  expect(cost(['Good', 'morning', 'sir'], words)).toBeUndefined();
});

test('every three words of the agent’s answers have one place only', () => {
  const plain = agentTexts.map(answer =>
    answer
      .toLowerCase()
      .replace(/[^a-z ]/g, '')
      .split(' '),
  );
  const triples = plain.flatMap(all => all.slice(2).map((_, i) => all.slice(i, i + 3).join(' ')));
  expect(new Set(triples).size).toBe(triples.length);
});
