import { expect } from 'vitest';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { rehearsals } from '../testing/rehearsals.ts';
import { answering, greeted } from './openings.ts';

const { call, encore } = rehearsals('words');

const languages = {
  'en-US': {
    voice: 'en-US-JennyNeural',
    greeting: 'Good morning, what can I do for you?',
    asks: 'Where is my parcel?',
    answer: 'Your parcel arrives on Tuesday in the morning between nine and noon.',
    backchannel: 'Uh-huh.',
    stop: 'Wait, stop!',
    more: 'Of course, I am listening.',
  },
  'de-DE': {
    voice: 'de-DE-KatjaNeural',
    greeting: 'Guten Tag, was kann ich für Sie tun?',
    asks: 'Wo ist mein Paket?',
    answer: 'Ihr Paket kommt am Dienstag im Lauf des Vormittags zwischen neun und zwölf.',
    backchannel: 'Genau.',
    stop: 'Moment, halt!',
    more: 'Natürlich, ich höre Ihnen zu.',
  },
  'es-ES': {
    voice: 'es-ES-ElviraNeural',
    greeting: 'Buenos días, ¿en qué puedo ayudarle?',
    asks: '¿Dónde está mi paquete?',
    answer: 'Su paquete llega el martes por la mañana entre las nueve y las doce.',
    backchannel: 'Claro.',
    stop: '¡Espere, espere!',
    more: 'Por supuesto, le escucho.',
  },
  'fr-FR': {
    voice: 'fr-FR-DeniseNeural',
    greeting: 'Bonjour, que puis-je faire pour vous ?',
    asks: 'Où est mon colis ?',
    answer: 'Votre colis arrive mardi dans la matinée entre neuf heures et midi.',
    backchannel: 'D’accord.',
    stop: 'Attendez, stop !',
    more: 'Bien sûr, je vous écoute.',
  },
};

for (const [language, words] of Object.entries(languages)) {
  const script = {
    agent: { greeting: words.greeting, speech: { language }, voice: { name: words.voice } },
    model: (_: string, __: unknown, n: number) => (n === 1 ? words.answer : words.more),
  };
  call(`${language}: greeted, asked, answered, spoken through "${words.backchannel}"`, async begin => {
    const it = await begin(script);
    await it.agentSays(words.greeting);
    await it.agentIsSilent();
    it.says(words.asks);
    await it.agentSays(words.answer.split(' ').slice(0, 3).join(' '));
    it.says(words.backchannel);
    await it.agentSays(words.answer.split(' ').slice(3).join(' '));
    expect(it.model.asked).toHaveLength(1);
  });
  call(`${language}: "${words.stop}" stops the agent`, async begin => {
    const it = await begin(script);
    await it.agentSays(words.greeting);
    await it.agentIsSilent();
    it.says(words.asks);
    await it.agentSays(words.answer.split(' ').slice(0, 3).join(' '));
    it.says(words.stop);
    await it.agentStops();
    await it.agentSays(words.more, { withinMs: 12_000 });
  });
  call(`${language}: a silent caller is asked in his language`, async begin => {
    const it = await begin(script);
    await it.agentSays(words.greeting);
    await it.agentSays(defaultPhrases(language).reprompts[0] ?? '', { withinMs: 9000 });
  });
}

call('ten thousand characters without a full stop begin to sound at once, and stop at once', async begin => {
  const endless = Array.from(
    { length: 1250 },
    (_, n) => `word${'abcdefghij'[n % 10]}${'abcdefghij'[Math.floor(n / 10) % 10]}`,
  ).join(' ');
  const it = await greeted(begin, { model: said => (/stop/i.test(said) ? 'Gladly.' : endless) });
  it.says('Tell me everything you know.');
  await it.agentSays('wordaa wordba wordca', { withinMs: 6000 });
  await it.passes(6000);
  it.says('Stop.');
  await it.agentStops();
  await it.agentSays('Gladly.', { withinMs: 8000 });
  const soundMade = it.book.utterances
    .filter(({ text }) => text.includes('word'))
    .reduce((ms, { ms: made }) => ms + made, 0);
  expect(soundMade).toBeLessThan(90_000);
});

for (const [what, answer, sounds] of [
  [
    'markup',
    'Here you are <break time="10s"/> </voice><voice name="evil"> and "so" it is.',
    'Here you are and "so" it is.',
  ],
  ['signs of markup', 'A & B < C > D \'e\' "f" is true.', 'is true.'],
  ['emoji', 'Great 🎉 see 👍🏽 you 👨‍👩‍👧 soon 🇩🇪 then.', 'Great see you soon then.'],
  [
    'markdown',
    '**Bold** and _thin_ and `code` and [a link](https://example.com) here.',
    'Bold and thin and code and a link here.',
  ],
  ['Hebrew', 'שלום, החבילה שלך מגיעה ביום שלישי.', 'שלום, החבילה שלך מגיעה ביום שלישי.'],
  [
    'Arabic with marks of direction',
    '\u200fمرحبا، \u202bطردك\u202c يصل يوم الثلاثاء.',
    'مرحبا، طردك يصل يوم الثلاثاء.',
  ],
  ['control characters', 'One\u0000 two\u0007 three\u001b four.', 'One two three four.'],
  ['half a character', 'One two \ud83d three four.', 'One two three four.'],
] as const) {
  call(`${what} in an answer: only its words sound`, async begin => {
    const it = await greeted(begin, { model: [answer] });
    it.says('What does it say?');
    await it.agentSays(sounds, { withinMs: 12_000 });
    await it.agentIsSilent();
    it.says('Thank you.');
    await it.passes(2000);
  });
}

call('an answer of nothing but signs is no answer', async begin => {
  const it = await greeted(begin, { model: ['🎉 … —', 'I mean yes.'] });
  it.says('Is it true?');
  await it.agentSays('I mean yes.', { withinMs: 12_000 });
});

for (const [what, text] of [
  ['numbers', 'Call 0800 123 456 or come to 12 Station Road at 9:30 on 24/12, it costs $25.50.'],
  ['an e-mail address', 'Write to john.smith@example.com, and we will answer on the same day.'],
] as const) {
  call(`an answer with ${what} that is interrupted is remembered in its own spelling`, async begin => {
    const it = await greeted(begin, { model: said => (/stop/i.test(said) ? 'All right.' : text) });
    it.says('How do I reach you?');
    await it.until('sound', () => it.line.audible.length > 1, 6000);
    await it.passes(2500);
    it.says('Stop.');
    await it.agentStops();
    await it.agentSays('All right.', { withinMs: 12_000 });
    await it.hangsUp();
    const spoke = it.journal('agent-spoke').find(event => event.interrupted);
    expect(spoke?.text.startsWith(spoke.heard)).toBe(true);
    expect(spoke?.heard).not.toBe('');
  });
}

call('a caller of many words is heard to the end', async begin => {
  const it = await greeted(begin, { model: ['I have written it all down.'] });
  it.says(Array.from({ length: 60 }, (_, n) => `thing${'abcdef'[n % 6]}`).join(' '));
  await it.agentSays('I have written it all down.', { withinMs: 60_000 });
  expect(it.asked().at(-1)?.split(' ')).toHaveLength(60);
});

for (const policy of ['graded', 'eager', 'patient'] as const) {
  call(`${policy}: an own stop word stops, an own backchannel does not`, async begin => {
    const it = await answering(begin, {
      agent: { turns: { policy, stopWords: ['banana'], backchannels: ['jawohl'] } },
    });
    if (policy !== 'eager') {
      it.says('Jawohl.');
      await it.agentSays('between nine and noon');
      expect(it.model.asked).toHaveLength(1);
    }
    it.says('Banana.');
    await it.agentStops();
    await it.agentSays('Of course, Wednesday it is.', { withinMs: 12_000 });
  });
}

encore();
