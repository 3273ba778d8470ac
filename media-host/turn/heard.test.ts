import { expect, test } from 'vitest';
import { heardText } from './heard.ts';

const text = 'Your parcel arrives on Tuesday, at noon.';
const words = ['Your', 'parcel', 'arrives', 'on', 'Tuesday', ',', 'at', 'noon', '.'].map((word, i) => ({
  text: word,
  offsetMs: i * 100,
  durationMs: 80,
}));

test('a word counts once it was played to its end', () => {
  expect(heardText({ text, words, playedMs: 279, complete: false })).toBe('Your parcel');
  expect(heardText({ text, words, playedMs: 280, complete: false })).toBe('Your parcel arrives');
  expect(heardText({ text, words, playedMs: 580, complete: false })).toBe('Your parcel arrives on Tuesday,');
});

test('nothing played is nothing heard, all played is all heard', () => {
  expect(heardText({ text, words, playedMs: 0, complete: false })).toBe('');
  expect(heardText({ text, words: [], playedMs: 0, complete: true })).toBe(text);
});

test('the same word twice is found in its own place', () => {
  const twice = ['no', 'no', 'yes'].map((word, i) => ({ text: word, offsetMs: i * 100, durationMs: 50 }));
  expect(heardText({ text: 'no no yes', words: twice, playedMs: 160, complete: false })).toBe('no no');
});
