import { expect } from 'vitest';
import { endCall } from '../../agents/built-in/end-call.ts';
import { remember } from '../../agents/built-in/remember.ts';
import { switchLanguage } from '../../agents/built-in/switch-language.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { type Begin, rehearsals } from '../testing/rehearsals.ts';
import type { Rehearsal } from '../testing/rehearse.ts';
import type { Script } from '../testing/stage.ts';
import { greeted } from './openings.ts';

const { call, encore } = rehearsals('built-in tools');

const goodbye = 'You are welcome. Thank you for calling, and goodbye.';

/** An agent that ends the call with its goodbye. */
const ends: Script = {
  ownTools: [endCall],
  agent: { tools: ['end-call'] },
  model: said =>
    /that is all|goodbye/i.test(said)
      ? [goodbye, { tool: 'end-call', args: { reason: 'settled' } }]
      : 'We are open until six.',
};

/** The agent is in the middle of its goodbye. */
async function parting(begin: Begin, script: Script = {}) {
  const it = await greeted(begin, { ...ends, ...script });
  it.says('Thank you, that is all.');
  await it.agentSays('You are welcome. Thank you');
  return it;
}

call('the goodbye is heard whole, then the call is hung up by the agent', async begin => {
  const it = await parting(begin);
  expect(it.hungUpAt()).toBeUndefined();
  await it.agentSays('and goodbye.');
  await it.recorded();
  expect(it.journal('end-asked')).toMatchObject([{ turn: 1, reason: 'settled' }]);
  expect(it.hungUpFor()).toBe('settled');
  const last = it.line.heard.at(-1);
  expect(last?.text).toBe('goodbye.');
  expect((it.hungUpAt() ?? 0) - (last?.at ?? 0)).toBeGreaterThanOrEqual(0);
  expect((it.hungUpAt() ?? 0) - (last?.at ?? 0)).toBeLessThan(300);
  expect(it.journal('tool-ran')).toMatchObject([{ name: 'end-call', ok: true }]);
  expect(it.journal('agent-spoke').at(-1)).toMatchObject({ heard: goodbye, interrupted: false });
  expect(it.model.asked).toHaveLength(1);
});

call('who says something over the goodbye is answered, and nothing is hung up', async begin => {
  const it = await parting(begin);
  it.says('Oh wait, when are you open?');
  await it.agentSays('We are open until six.');
  await it.agentIsSilent();
  expect(it.hungUpAt()).toBeUndefined();
  expect(it.journal('end-asked')).toEqual([]);
  expect(it.heard()).not.toContain('goodbye');
  expect(it.model.asked.at(-1)?.history.some(item => item.type === 'tool-call')).toBe(false);
  it.says('That is all.');
  await it.agentSays(goodbye);
  await it.recorded();
  expect(it.journal('end-asked')).toHaveLength(1);
});

call('who speaks as the last word sounds is answered too', async begin => {
  const it = await parting(begin);
  await it.agentSays('and');
  it.says('One more thing, when are you open?');
  await it.agentSays('We are open until six.', { withinMs: 12_000 });
  expect(it.hungUpAt()).toBeUndefined();
});

for (const words of ['Bye bye.', 'Thank you, bye.', 'Okay.']) {
  call(`"${words}" over the goodbye calls nothing off`, async begin => {
    const it = await parting(begin);
    it.says(words);
    await it.agentSays('and goodbye.');
    await it.recorded();
    expect(it.hungUpFor()).toBe('settled');
    expect(it.model.asked).toHaveLength(1);
    expect(it.journal('caller-aside').map(({ text }) => text)).toEqual([words]);
  });
}

call('a cough over the goodbye calls nothing off', async begin => {
  const it = await parting(begin);
  it.coughs({ ms: 200 });
  await it.agentSays('and goodbye.');
  await it.recorded();
  expect(it.hungUpFor()).toBe('settled');
  expect(it.journal('barge-in')).toEqual([]);
});

call('a key pressed over the goodbye keeps the call', async begin => {
  const it = await parting(begin);
  it.presses('1');
  await it.agentSays('We are open', { withinMs: 12_000 });
  expect(it.hungUpAt()).toBeUndefined();
});

call('a model that ends the call without a word has the agent say goodbye', async begin => {
  const it = await greeted(begin, { ...ends, model: [[{ tool: 'end-call', args: { reason: 'misuse' } }]] });
  it.says('Thank you, that is all.');
  await it.agentSays(defaultPhrases('en-US').farewell);
  await it.recorded();
  expect(it.hungUpFor()).toBe('misuse');
  expect(it.journal('agent-spoke').at(-1)?.heard).toBe(defaultPhrases('en-US').farewell);
});

call('what is said while the call is being hung up is noted, and nothing is asked of the model', async begin => {
  const it = await parting(begin);
  await it.agentSays('and goodbye.');
  await it.until('hang-up', () => it.hungUpAt() !== undefined, 2000);
  it.presses('1');
  it.presses('#');
  await it.recorded();
  expect(it.model.asked).toHaveLength(1);
});

call('what the caller tells of themselves is known to the model as data from its next request on', async begin => {
  const it = await greeted(begin, {
    ownTools: [remember],
    agent: { tools: ['remember'] },
    model: said =>
      /my name is/i.test(said)
        ? ['Pleased. ', { tool: 'remember', args: { name: 'name', value: 'Zoë Miller' } }]
        : 'All right.',
  });
  it.says('My name is Zoë Miller.');
  await it.agentSays('All right.');
  await it.agentIsSilent();
  it.says('Do you know my name?');
  await it.agentSays('All right.');
  expect(it.journal('known')).toMatchObject([
    { turn: 1, name: 'name', value: 'Zoë Miller', by: 'agent', personal: true },
  ]);
  const { instructions, history } = it.model.asked.at(-1) ?? { instructions: '', history: [] };
  expect(instructions).not.toContain('Zoë');
  const data = history.filter(item => item.type === 'data');
  expect(data).toHaveLength(1);
  expect(JSON.stringify(data)).toContain('Zoë Miller');
});

const elvira = 'es-ES-ElviraNeural';
const inSpanish = 'Claro, hablamos en español. ¿En qué puedo ayudarle?';

/** An agent that speaks Spanish too, and goes on in it when it is asked to. */
const bilingual: Script = {
  ownTools: [switchLanguage],
  agent: {
    tools: ['switch-language'],
    speech: { others: [{ language: 'es-ES', voice: elvira }] },
    silence: { reprompts: ['Are you with me?'] },
  },
  model: (said, { history }) => {
    if (/paquete/i.test(said)) return 'Su paquete llega el martes.';
    if (history.at(-1)?.type === 'tool-output') return inSpanish;
    return ['Certainly. ', { tool: 'switch-language', args: { language: 'es-ES' } }];
  },
};

/** The voice that says this. */
const voiceOf = (it: Rehearsal, words: string) =>
  it.book.utterances.findLast(({ text }) => text.includes(words))?.voice;

call('in mid-call the agent goes on in another language: voice, ears and the words of the house', async begin => {
  const it = await greeted(begin, bilingual);
  it.says('Could we speak Spanish?', { language: 'en-US' });
  await it.agentSays('Certainly.');
  await it.agentSays('¿En qué puedo ayudarle?', { withinMs: 12_000 });
  await it.agentIsSilent();
  expect([voiceOf(it, 'Certainly'), voiceOf(it, 'hablamos')]).toEqual(['en-US-JennyNeural', elvira]);
  expect(it.ears.listened.map(({ language }) => language)).toEqual(['en-US', 'es-ES']);
  it.says('¿Dónde está mi paquete?', { language: 'es-ES' });
  await it.agentSays('Su paquete llega el martes.');
  expect(it.journal('agent-changed')).toMatchObject([
    { turn: 1, from: 'desk', to: 'desk', kind: 'language', language: 'es-ES' },
  ]);
  const [reprompt = ''] = defaultPhrases('es-ES').reprompts;
  await it.agentSays(reprompt, { withinMs: 8000 });
  expect(voiceOf(it, reprompt)).toBe(elvira);
  expect(it.model.asked.at(-1)?.instructions).toContain('Spanish');
});

call('words that were answered before they were final are not heard a second time in another language', async begin => {
  const it = await greeted(begin, { ...bilingual, pace: { firstMs: [50, 60] } });
  it.says('Could we speak Spanish?', { language: 'en-US', finalLagMs: 2500 });
  await it.agentSays('¿En qué puedo ayudarle?', { withinMs: 12_000 });
  const [final] = it.ears.finals;
  expect(final?.text).toBe('Could we speak Spanish?');
  expect(it.ears.listened.at(-1)?.at).toBeGreaterThanOrEqual(final?.at ?? Number.POSITIVE_INFINITY);
  it.says('¿Dónde está mi paquete?', { language: 'es-ES' });
  await it.agentSays('Su paquete llega el martes.');
  expect(new Set(it.journal('caller-spoke').map(({ turn }) => turn))).toEqual(new Set([1, 2]));
});

call('who cuts into the first words of the new language is understood in it', async begin => {
  const it = await greeted(begin, bilingual);
  it.says('Could we speak Spanish?', { language: 'en-US' });
  await it.agentSays('Claro, hablamos', { withinMs: 12_000 });
  it.says('¿Dónde está mi paquete?', { language: 'es-ES' });
  await it.agentSays('Su paquete llega el martes.', { withinMs: 12_000 });
  expect(voiceOf(it, 'martes')).toBe(elvira);
});

encore();
