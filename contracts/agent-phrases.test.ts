import { expect, test } from 'vitest';
import { defaultPhrases } from './agent-phrases.ts';

const languages = ['en-US', 'es-MX', 'de-AT', 'fr-CA'];

test.each(languages)('%s has words for every silence, none of them twice', language => {
  const { reprompts, hold, seeking, keypad, guard, ...single } = defaultPhrases(language);
  const waits = [...Object.values(seeking), ...Object.values(keypad)].flat();
  const { reasons, inTheirWords, ...guards } = guard;
  const all = [...reprompts, ...hold, ...Object.values(single), ...waits, ...Object.values({ ...guards, ...reasons })];
  expect(new Set(all).size).toBe(all.length);
  expect(reprompts.length).toBeGreaterThanOrEqual(3);
  expect(hold.length).toBeGreaterThanOrEqual(3);
  expect(Math.min(seeking.asking.length, seeking.waiting.length, seeking.briefing.length)).toBeGreaterThanOrEqual(2);
  expect(seeking.ringingOneOf).toMatch(/\{asking\}.*\{of\}/);
  expect(inTheirWords).toMatch(/: \{words\}$/);
  for (const text of all) expect(text).toMatch(/^[¿\p{Lu}].*[.?!]$/u);
});

test('the languages differ, and one that is not here is answered in English', () => {
  expect(new Set(languages.map(language => defaultPhrases(language).apology)).size).toBe(4);
  expect(defaultPhrases('ja-JP')).toBe(defaultPhrases('en-GB'));
});
