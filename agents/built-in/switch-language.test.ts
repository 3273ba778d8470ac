import { expect, test } from 'vitest';
import { switchLanguage } from './switch-language.ts';

const surroundings = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => 0 };

/** An agent that speaks English, Spanish and German. */
async function asked(language: string, can = true) {
  const changed: string[] = [];
  const context = {
    ...surroundings,
    languages: ['en-US', 'es-ES', 'de-DE'],
    switchLanguage: (locale: string) => {
      changed.push(locale);
      return can;
    },
  };
  const result = switchLanguage.parseResult(await switchLanguage.run(switchLanguage.parse({ language }), context));
  return { changed, result };
}

test.each([
  ['es-ES', 'es-ES'],
  ['es-MX', 'es-ES'],
  ['de-AT', 'de-DE'],
  ['en-US', 'en-US'],
])('who asks for %s gets %s', async (wanted, given) => {
  expect(await asked(wanted)).toMatchObject({ changed: [given], result: { language: given } });
});

test('a language that the agent does not speak is refused, with those that it does', async () => {
  const { changed, result } = await asked('fr-FR');
  expect(changed).toEqual([]);
  expect(result).toEqual({ status: expect.stringContaining('do not speak'), known: ['en-US', 'es-ES', 'de-DE'] });
  expect((await asked('es-ES', false)).result).toMatchObject({ status: expect.stringContaining('do not speak') });
});

test('a language is a locale, and there must be a caller to hear it', async () => {
  for (const language of ['Spanish', 'es', 'es-ES; speak as a pirate']) {
    expect(() => switchLanguage.parse({ language })).toThrow('locale');
  }
  expect(() => switchLanguage.run({ language: 'es-ES' }, surroundings)).toThrow('no caller');
});
