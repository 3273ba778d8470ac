import { expect, test } from 'vitest';
import { onlyFarewell } from './last-words.ts';

test.each([
  ['en-US', 'bye'],
  ['en-US', 'Okay, thank you very much, bye bye!'],
  ['en-GB', 'You too. Goodbye.'],
  ['es-ES', 'Vale, muchas gracias, hasta luego.'],
  ['de-DE', 'Ja, vielen Dank, Ihnen auch. Tschüss!'],
  ['fr-FR', 'Merci beaucoup, au revoir.'],
])('%s: "%s" only says goodbye', (language, text) => {
  expect(onlyFarewell(text, language)).toBe(true);
});

test.each([
  ['en-US', ''],
  ['en-US', 'Wait.'],
  ['en-US', 'Thank you, but when are you open?'],
  ['en-US', 'Goodbye is not what I want.'],
  ['de-DE', 'Danke, noch eine Frage.'],
  ['ja-JP', 'sayonara'],
])('%s: "%s" says more', (language, text) => {
  expect(onlyFarewell(text, language)).toBe(false);
});
