import { expect } from 'vitest';
import { rehearsals } from '../testing/rehearsals.ts';
import type { Rehearsal } from '../testing/rehearse.ts';
import { answering, greeted, parcel } from './openings.ts';

const { call, encore } = rehearsals('false stops');

/** The whole sentence reached the ear; at most one word of it began twice. */
async function heardWhole(it: Rehearsal) {
  await it.agentSays('half an hour before he comes.', { withinMs: 15_000 });
  expect(wordsOnce(it)).toContain(parcel);
  expect(it.line.begun.length - new Set(it.line.begun.map(({ word }) => word)).size).toBeLessThanOrEqual(
    it.line.stops.length,
  );
}

const wordsOnce = (it: Rehearsal) => [...new Map(it.line.heard.map(word => [word.word, word.text])).values()].join(' ');

/** The agent cannot know at once that a voice has nothing to ask for; its doubt is shorter than a silence. */
function doubtedBriefly(it: Rehearsal) {
  for (const stop of it.line.stops) {
    const back = it.line.sent.find(({ at }) => at > stop)?.at ?? Number.POSITIVE_INFINITY;
    expect(back - stop).toBeLessThanOrEqual(briefMs);
  }
}

const briefMs = 350;

for (const ms of [60, 120, 180, 260, 340]) {
  for (const afterMs of [0, 440, 1300]) {
    const through = ms <= 260;
    call(`a cough of ${ms} ms, ${afterMs} ms into a sentence, does not cost a word`, async begin => {
      const it = await answering(begin);
      await it.passes(afterMs);
      it.coughs({ ms });
      await heardWhole(it);
      if (through) expect(it.line.stops).toEqual([]);
      doubtedBriefly(it);
    });
  }
}

call('six coughs in a row cost no word', async begin => {
  const it = await answering(begin);
  for (let n = 0; n < 6; n++) {
    it.coughs({ ms: 150 });
    await it.passes(600);
  }
  await heardWhole(it);
});

for (const ms of [600, 900, 1400, 2000]) {
  for (const afterMs of [0, 700]) {
    call(`a sentence held by ${ms} ms of a wordless voice is given back, ${afterMs} ms into it`, async begin => {
      const it = await answering(begin);
      await it.passes(afterMs);
      it.mumbles({ ms });
      await it.agentStops();
      const stop = it.clock.now();
      await it.finishes();
      const back = () => it.line.sent.some(({ at, gain }) => at > stop && gain > 0.9);
      await it.until('sentence given back', back, 700);
      await heardWhole(it);
    });
  }
}

for (const text of [
  'Uh-huh.',
  'Yeah.',
  'Okay.',
  'Right.',
  'Great.',
  'I see.',
  'Mm-hmm.',
  'Got it.',
  'Oh okay.',
  'Yes yes.',
]) {
  call(`"${text}" costs a pause too short to be a silence, and no word`, async begin => {
    const it = await answering(begin);
    it.says(text);
    await heardWhole(it);
    doubtedBriefly(it);
    await it.agentIsSilent();
    await it.hangsUp();
    expect(it.journal('caller-aside')).toHaveLength(1);
    expect(it.model.asked).toHaveLength(1);
  });
}

call('"mm" is spoken through and noted', async begin => {
  const it = await answering(begin);
  it.says('Mm.');
  await heardWhole(it);
  expect(it.line.stops).toEqual([]);
  await it.agentIsSilent();
  await it.hangsUp();
  expect(it.journal('caller-aside')).toHaveLength(1);
  expect(it.model.asked).toHaveLength(1);
});

call('a long "of course" may silence the agent for a moment, but costs no word', async begin => {
  const it = await answering(begin);
  it.says('Of course, absolutely.');
  await heardWhole(it);
  await it.passes(2000);
  expect(it.model.asked).toHaveLength(1);
});

call('"yes" over the end of a question is its answer', async begin => {
  const it = await greeted(begin, {
    model: said => (/yes/i.test(said) ? 'Then I will book it.' : 'Do you want me to book it?'),
  });
  it.says('Is there a table at eight?');
  await it.agentSays('want me to');
  it.says('Yes.');
  await it.agentSays('Then I will book it.');
  expect(it.line.stops).toEqual([]);
});

for (const [ms, rms] of [
  [1000, 1200],
  [3000, 1200],
  [5000, 900],
  [8000, 2000],
] as const) {
  call(`a noise of ${ms} ms as loud as ${rms} costs no word`, async begin => {
    const it = await answering(begin);
    it.noise({ ms, rms });
    await heardWhole(it);
  });
}

for (const rms of [60, 120, 250]) {
  call(`on a line that hisses at ${rms} the agent speaks undisturbed and stops for words`, async begin => {
    const it = await begin({ model: said => (/parcel/.test(said) ? parcel : 'All right, goodbye then.') });
    it.hisses(rms);
    await it.agentSays('Hello, how can I help?');
    await it.agentIsSilent();
    it.says('Where is my parcel?');
    await it.agentSays('Your parcel arrives on Tuesday between nine');
    expect(it.line.stops).toEqual([]);
    it.says('Stop.');
    await it.agentStops();
    await it.agentSays('All right, goodbye then.');
  });
}

for (const db of [-20, -26]) {
  for (const words of [false, true]) {
    call(
      `its own voice coming back at ${db} dB${words ? ', with words,' : ''} does not interrupt the agent`,
      async begin => {
        const it = await answering(begin, { echo: { db, words } });
        await heardWhole(it);
        await it.passes(3000);
        expect(it.line.stops).toEqual([]);
        expect(it.asked()).toEqual(['where is my parcel']);
      },
    );
  }
}

call('over an echo the caller still stops the agent', async begin => {
  const it = await answering(begin, { echo: { db: -20 } });
  it.says('Wait, I want it tomorrow.', { rms: 3500 });
  await it.agentStops();
  await it.agentSays('Of course, Wednesday it is.', { withinMs: 10_000 });
});

call('a cough while the agent thinks delays nothing', async begin => {
  const it = await greeted(begin, { model: [parcel], pace: { firstMs: [600, 600] } });
  it.says('Where is my parcel?');
  await it.until('question', () => it.model.asked.length === 1, 4000);
  it.coughs({ ms: 150 });
  await heardWhole(it);
  expect(it.model.asked).toHaveLength(1);
});

call('another speaker of the line is nobody to the agent', async begin => {
  const it = await answering(begin);
  for (let n = 0; n < 50; n++) {
    it.anotherSpeaks(4000);
    await it.passes(20);
  }
  await heardWhole(it);
  expect(it.line.stops).toEqual([]);
});

encore();
