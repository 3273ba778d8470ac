import { expect } from 'vitest';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { rehearsals } from '../testing/rehearsals.ts';
import type { VoiceFault } from '../testing/rehearsed-voice.ts';
import { answering, greeted, parcel } from './openings.ts';

const { call, encore } = rehearsals('broken speech');
const { unheard } = defaultPhrases('en-US');

const three = 'Your parcel is here. It arrives on Tuesday morning. The driver will ring you first.';
const sentences = ['Your parcel is here.', 'It arrives on Tuesday morning.', 'The driver will ring you first.'];

for (const fault of ['fails', 'silent', 'odd-bytes', 'breaks-off', 'hangs'] as const satisfies VoiceFault[]) {
  for (const [at, sentence] of sentences.entries()) {
    call(`synthesis that ${fault} at sentence ${at + 1} of three costs that sentence at most`, async begin => {
      const it = await greeted(begin, {
        model: said => (/parcel/.test(said) ? three : 'Goodbye.'),
        voice: { fault: text => (text === sentence ? fault : undefined) },
      });
      it.says('Where is my parcel?');
      const whole = fault === 'odd-bytes' ? sentences : sentences.filter(text => text !== sentence);
      for (const text of whole) await it.agentSays(text, { withinMs: 20_000 });
      if (fault === 'fails') {
        await it.until('word to the operator', () => it.count('tts-failures') === 1, 1000);
      }
      await it.agentIsSilent();
      it.says('Thank you, goodbye.');
      await it.agentSays('Goodbye.', { withinMs: 12_000 });
    });
  }
}

call('a sentence that breaks off once goes on at the word that was cut', async begin => {
  const it = await greeted(begin, {
    model: [parcel],
    voice: { fault: (text, n) => (text.startsWith('Your parcel') && n === 1 ? 'breaks-off' : undefined) },
  });
  it.says('Where is my parcel?');
  await it.agentSays('half an hour before he comes.', { withinMs: 15_000 });
  const said = it.heard().slice(it.heard().indexOf('Your')).split(' ');
  expect(said.length).toBe(parcel.split(' ').length);
});

call('a greeting that cannot be made does not end the call', async begin => {
  const it = await begin({
    model: [parcel],
    voice: { fault: text => (text.startsWith('Hello') ? 'fails' : undefined) },
  });
  await it.passes(1500);
  it.says('Hello? Where is my parcel?');
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
});

call('a reply of which nothing can be made is not taken for an answer', async begin => {
  const it = await greeted(begin, {
    model: said => (/hello/i.test(said) ? 'It is here.' : 'Unspeakable.'),
    voice: { fault: text => (text === 'Unspeakable.' ? 'fails' : undefined) },
  });
  it.says('Where is my parcel?');
  await it.agentSays('Are you still there?', { withinMs: 9000 });
  it.says('Hello?');
  await it.agentSays('It is here.', { withinMs: 9000 });
});

call('ears that have gone mute are noticed, renewed, and what was said is answered', async begin => {
  const it = await greeted(begin, { model: [parcel] });
  it.ears.mute();
  it.says('I would like to know where my parcel is and when the driver comes.');
  await it.until('renewal', () => it.ears.renewals() > 0, 15_000);
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 15_000 });
  expect(it.asked().at(-1)).toMatch(/where my parcel is and when the driver comes/i);
});

call('mute ears do not make the agent deaf to a voice over its sentence', async begin => {
  const it = await answering(begin);
  it.ears.mute();
  it.says('No no, I never ordered anything from you, listen to me please.');
  await it.agentStops({ withinMs: 2000 });
  await it.until('renewal', () => it.ears.renewals() > 0, 30_000);
});

for (const atMs of [200, 900, 1800]) {
  call(`ears lost for two seconds, ${atMs} ms into a sentence, understand all of it`, async begin => {
    const it = await greeted(begin, { model: [parcel] });
    it.says('I would like to know where my parcel is and when the driver comes.');
    await it.passes(atMs);
    it.ears.lost(2000);
    await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 15_000 });
    expect(it.asked().at(-1)).toMatch(/i would like to know where my parcel is and when the driver comes/i);
    await it.agentIsSilent();
    expect(it.heard().match(/Your parcel/g)).toHaveLength(1);
  });
}

call('ears lost for eight seconds: the caller is told something, and is understood in the end', async begin => {
  const it = await greeted(begin, { model: [parcel] });
  it.says('Where is my parcel and when does the driver come today?');
  it.ears.lost(8000);
  await it.agentSays(unheard.slice(0, unheard.indexOf('.')), { withinMs: 12_000 });
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 20_000 });
  await it.hangsUp();
  expect(it.journal('service-failed')).toMatchObject([{ service: 'stt' }]);
});

for (const ms of [500, 1500, 2500]) {
  call(`ears that are ${ms} ms slower than they should be lose nothing`, async begin => {
    const it = await greeted(begin, { model: (_, __, n) => `This is answer ${'abc'[n - 1] ?? 'z'}.` });
    it.ears.slow(ms);
    it.says('Where is my parcel?');
    await it.agentSays('This is answer', { withinMs: 15_000 });
    await it.agentIsSilent();
    it.says('And when does it come?');
    await it.agentSays('This is answer', { withinMs: 15_000 });
  });
}

for (const finalLagMs of [1500, 3000, 4500]) {
  call(`a final that comes ${finalLagMs} ms late is no second question`, async begin => {
    const it = await greeted(begin, { model: (_, __, n) => (n === 1 ? parcel : 'What?') });
    it.says('Where is my parcel?', { finalLagMs });
    await it.agentSays('half an hour before he comes.', { withinMs: 20_000 });
    await it.passes(3000);
    expect(it.model.asked).toHaveLength(1);
  });
}

call('words that come only as a final are answered', async begin => {
  const it = await greeted(begin, { model: [parcel] });
  it.says('Where is my parcel?', { noPartials: true });
  await it.agentSays('Your parcel arrives on Tuesday');
});

encore();
