import { expect, test } from 'vitest';
import { defaultPhrases } from './agent-phrases.ts';

const languages = ['en-US', 'es-MX', 'de-AT', 'fr-CA'];

test.each(languages)('%s has words for every silence, none of them twice', language => {
  const { reprompts, hold, seeking, keypad, ...single } = defaultPhrases(language);
  const waits = [...Object.values(seeking), ...Object.values(keypad)].flat();
  const all = [...reprompts, ...hold, ...Object.values(single), ...waits];
  expect(new Set(all).size).toBe(all.length);
  expect(reprompts.length).toBeGreaterThanOrEqual(3);
  expect(hold.length).toBeGreaterThanOrEqual(3);
  expect(Math.min(seeking.asking.length, seeking.waiting.length, seeking.briefing.length)).toBeGreaterThanOrEqual(2);
  expect(seeking.ringingOneOf).toMatch(/\{asking\}.*\{of\}/);
  for (const text of all) expect(text).toMatch(/^[¿\p{Lu}].*[.?!]$/u);
});

test('the languages differ, and one that is not here is answered in English', () => {
  expect(new Set(languages.map(language => defaultPhrases(language).apology)).size).toBe(4);
  expect(defaultPhrases('ja-JP')).toBe(defaultPhrases('en-GB'));
});
