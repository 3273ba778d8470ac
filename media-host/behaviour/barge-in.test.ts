import { expect } from 'vitest';
import { rehearsals } from '../testing/rehearsals.ts';
import { answering, greeted } from './openings.ts';

const { call, encore } = rehearsals('barge-in');

for (const text of ['No.', 'Stop.', 'Wait a minute.', 'What about tomorrow?']) {
  for (const afterMs of [20, 260, 500, 1140, 2380]) {
    call(`"${text}" said ${afterMs} ms into a sentence stops it`, async begin => {
      const it = await answering(begin);
      await it.passes(afterMs);
      it.says(text);
      await it.agentStops({ withinMs: 1500 });
      await it.agentSays('Of course, Wednesday it is.', { withinMs: 12_000 });
      expect(it.line.stops).toHaveLength(1);
    });
  }
}

for (const firstMs of [50, 200, 400, 700, 1000]) {
  for (const phase of ['Sentence one begins', 'will be cut. Sentence two', 'number two ends', 'Sentence three']) {
    call(`three sentences made in ${firstMs} ms each: nothing sounds after a stop at "${phase}"`, async begin => {
      const it = await greeted(begin, {
        voice: { firstMs: [firstMs, firstMs] },
        model: said =>
          /stop/i.test(said)
            ? 'All right.'
            : 'Sentence one begins here and it will be cut. Sentence two goes on and number two ends. Sentence three is the last of them.',
      });
      it.says('Tell me everything.');
      await it.agentSays(phase, { withinMs: 20_000 });
      it.says('Stop.');
      await it.agentStops();
      const before = it.line.sent.length;
      await it.passes(100);
      expect(it.line.sent.length).toBe(before);
      await it.agentSays('All right.', { withinMs: 10_000 });
    });
  }
}

call('a caller who speaks before the first sound stops nothing and is answered with all of it', async begin => {
  const it = await greeted(begin, {
    voice: { firstMs: [1000, 1000] },
    model: said => (/tomorrow/.test(said) ? 'Tomorrow at ten.' : 'Today at ten.'),
  });
  it.says('When will he come?');
  await it.until('question', () => it.model.asked.length === 1, 4000);
  it.says('I mean tomorrow.');
  await it.agentSays('Tomorrow at ten.', { withinMs: 10_000 });
  expect(it.line.stops).toEqual([]);
  expect(it.heard()).not.toContain('Today');
});

for (const afterMs of [0, 300, 900, 1800]) {
  call(`an eager agent is silent within 160 ms of any sound, ${afterMs} ms into its sentence`, async begin => {
    const it = await answering(begin, { agent: { turns: { policy: 'eager' } } });
    await it.passes(afterMs);
    const onset = it.clock.now();
    it.says('Tomorrow please.');
    await it.agentStops();
    expect(it.clock.now() - onset).toBeLessThanOrEqual(160);
    await it.agentSays('Of course, Wednesday it is.', { withinMs: 10_000 });
  });
}

for (const [text, stops] of [
  ['Tomorrow.', false],
  ['Is it?', false],
  ['Stop.', true],
  ['Can you come on Friday instead?', true],
] as const) {
  call(`a patient agent ${stops ? 'stops' : 'goes on'} for "${text}"`, async begin => {
    const it = await answering(begin, { agent: { turns: { policy: 'patient' } } });
    it.says(text);
    if (stops) await it.agentStops({ withinMs: 3000 });
    else await it.agentSays('half an hour before he comes.', { withinMs: 10_000 });
    await it.agentSays('Of course, Wednesday it is.', { withinMs: 12_000 });
    expect(it.line.stops).toHaveLength(stops ? 1 : 0);
  });
}

const warning = 'This call is recorded for your safety.';
for (const text of ['Stop.', 'No, wait!', 'What about tomorrow?']) {
  call(`"${text}" over what must be heard waits for its end and is then answered`, async begin => {
    const it = await greeted(begin, {
      agent: { mustBeHeard: [warning] },
      model: said => (/parcel/.test(said) ? `${warning} Your parcel is here.` : 'All right.'),
    });
    it.says('Where is my parcel?');
    await it.agentSays('This call');
    it.says(text);
    await it.agentSays('is recorded for your safety.');
    await it.agentSays('All right.', { withinMs: 15_000 });
  });
}

call('a key stops even what must be heard', async begin => {
  const it = await greeted(begin, { agent: { mustBeHeard: [warning] }, model: [warning] });
  it.says('Where is my parcel?');
  await it.agentSays('This call');
  it.presses('1');
  await it.passes(20);
  expect(it.line.stops).toHaveLength(1);
  await it.passes(1000);
  expect(it.heard()).not.toContain('safety');
});

for (const afterMs of [0, 700, 1400]) {
  call(`a key pressed ${afterMs} ms into a sentence stops it at once`, async begin => {
    const it = await answering(begin);
    await it.passes(afterMs);
    it.presses('5');
    expect(it.line.stops).toHaveLength(1);
    await it.passes(500);
    it.says('Can I have it on Wednesday?');
    await it.agentSays('Of course, Wednesday it is.');
  });
}

call('a key while nobody speaks changes nothing', async begin => {
  const it = await greeted(begin, { model: ['Nine to six.'] });
  it.presses('3');
  it.says('What are your opening hours?');
  await it.agentSays('Nine to six.');
  expect(it.line.stops).toEqual([]);
});

call('the voice is lower as soon as the caller sounds', async begin => {
  const it = await answering(begin);
  const from = it.clock.now();
  it.says('Tomorrow would be better for me.');
  await it.agentStops();
  const lowered = it.line.sent.find(({ at, gain }) => at >= from && gain > 0 && gain < 0.6);
  expect((lowered?.at ?? Number.POSITIVE_INFINITY) - from).toBeLessThanOrEqual(120);
  await it.agentSays('Of course, Wednesday it is.', { withinMs: 10_000 });
});

call('interrupted five times in a row, the agent remembers what was heard and nothing more', async begin => {
  const it = await greeted(begin, {
    model: (_, __, n) =>
      `This is the long answer with the number ${'abcdefgh'[n - 1]}, and it has an end nobody wants to hear today.`,
  });
  it.says('Tell me more.');
  for (const letter of 'abcde') {
    await it.agentSays(`the number ${letter}`, { withinMs: 10_000 });
    it.says('Wait, what about the next one?');
    await it.agentStops();
  }
  await it.agentSays('the number f', { withinMs: 10_000 });
  expect(it.line.stops).toHaveLength(5);
});

encore();
