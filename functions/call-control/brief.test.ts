import { expect, test } from 'vitest';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { personPhrases } from '../../contracts/person-phrases.ts';
import { brief, keyPrompt } from './brief.ts';
import { talking } from './testing/steered.ts';

test.each([
  ['en-GB', 'A caller is waiting for you: a bill. Charged twice.', 'Press 1 to take the call, or 2 to decline.'],
  ['de-AT', 'Ein Anruf wartet auf Sie: a bill. Charged twice.', /^Drücken Sie die 1, .* oder die 2, /],
  ['es-MX', 'Hay una llamada en espera para usted: a bill. Charged twice.', /^Pulse 1 .* o 2 /],
  ['fr-CA', 'Un appel vous attend : a bill. Charged twice.', /^Appuyez sur 1 .* ou sur 2 /],
])('a call in %s is told of in its language, and with a voice of it', (language, told, keys) => {
  expect(brief('a bill', 'Charged twice', language)).toEqual({ text: told, language });
  expect(keyPrompt(language)).toEqual({ text: expect.stringMatching(keys), language });
});

test('every language an agent has words in is one a person is told in', () => {
  const [agent, person] = [defaultPhrases('en-US'), personPhrases('en-US')];
  for (const language of ['en', 'es', 'de', 'fr', 'it', 'nl', 'pt', 'pl', 'ja', 'zh', 'sv', 'da'])
    expect(personPhrases(language) === person, language).toBe(defaultPhrases(language) === agent);
});

test('a call of which nobody says the language is told of in English', () => {
  expect(brief('a bill', '')).toEqual({ text: 'A caller is waiting for you: a bill.', language: 'en-US' });
  expect(brief('a bill', '', 'ja-JP')).toMatchObject({ text: 'A caller is waiting for you: a bill.' });
});

test('the reason is said as it is, and never more than one order may hold', () => {
  const { text } = brief("$& costs $1 and $'", 'x'.repeat(1_500), 'de-DE') as { text: string };
  expect(text).toMatch(/^Ein Anruf wartet auf Sie: \$& costs \$1 and \$'\. x+\.$/);
  expect((brief('x'.repeat(80), 'y'.repeat(3_000)) as { text: string }).text).toHaveLength(2_000);
});

test('who asks for a person says which language the caller speaks, and the person is told and asked in it', () => {
  const ask = { reason: 'Rechnung', summary: 'Im Mai doppelt abgebucht', language: 'de-DE' };
  const call = talking().told({ type: 'handoff-asked', ask });
  const done = () => {
    const context = call.state.handoff?.context ?? '';
    return call.told({ type: 'order-ended', context, end: 'succeeded', code: 200, subCode: 0 }).orders().at(-1)?.order;
  };
  expect(done()).toMatchObject({
    do: 'play',
    source: { language: 'de-DE', text: 'Ein Anruf wartet auf Sie: Rechnung. Im Mai doppelt abgebucht.' },
  });
  expect(done()).toMatchObject({ do: 'recognise', prompt: keyPrompt('de-DE') });
});
