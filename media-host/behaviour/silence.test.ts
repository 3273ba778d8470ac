import { expect } from 'vitest';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { rehearsals } from '../testing/rehearsals.ts';
import { greeted, parcel } from './openings.ts';

const { call, encore } = rehearsals('silence');
const { reprompts, goodbye, unheard, hold, apology } = defaultPhrases('en-US');

call('a caller who never says a word is asked three times, taken leave of and hung up', async begin => {
  const it = await begin();
  await it.agentSays('Hello, how can I help?');
  for (const text of reprompts) await it.agentSays(text, { withinMs: 9000 });
  await it.agentSays(goodbye, { withinMs: 15_000 });
  await it.recorded();
  expect(it.hungUpAt()).toBeDefined();
  expect(it.model.asked).toEqual([]);
});

for (const maxSilences of [1, 2]) {
  call(`with ${maxSilences} re-prompts allowed the goodbye comes after ${maxSilences}`, async begin => {
    const it = await begin({ agent: { turns: { maxSilences } } });
    for (const text of reprompts.slice(0, maxSilences)) await it.agentSays(text, { withinMs: 12_000 });
    await it.agentSays(goodbye, { withinMs: 15_000 });
    await it.recorded();
    expect(it.heard()).not.toContain(reprompts[maxSilences]);
  });
}

for (const afterMs of [1500, 2500, 4000]) {
  call(`a silence of ${afterMs} ms is asked about where the agent's page says so`, async begin => {
    const it = await greeted(begin, { agent: { silence: { afterMs } }, mostSilenceMs: afterMs + 300 });
    const since = it.line.audible.at(-1)?.until ?? 0;
    await it.agentSays(reprompts[0] ?? '', { withinMs: 8000 });
    const from = it.line.audible.at(-1)?.from ?? 0;
    expect(from - since).toBeGreaterThanOrEqual(afterMs - 100);
  });
}

for (const n of [0, 1, 2]) {
  call(`a caller who answers re-prompt ${n + 1} is served, and has all his silences again`, async begin => {
    const it = await begin({ model: [parcel] });
    for (const text of reprompts.slice(0, n + 1)) await it.agentSays(text, { withinMs: 12_000 });
    it.says('Where is my parcel?');
    await it.agentSays('half an hour before he comes.', { withinMs: 20_000 });
    await it.agentSays(reprompts[0] ?? '', { withinMs: 8000 });
    await it.agentSays(reprompts[1] ?? '', { withinMs: 8000 });
  });
}

call('a caller who speaks during the goodbye is not hung up on', async begin => {
  const it = await begin({ agent: { turns: { maxSilences: 1 } }, model: [parcel] });
  await it.agentSays('I cannot hear anybody', { withinMs: 30_000 });
  it.says('Sorry, where is my parcel?');
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
  expect(it.hungUpAt()).toBeUndefined();
});

call('a caller who speaks in the moment after the goodbye is answered, too', async begin => {
  const it = await begin({ agent: { turns: { maxSilences: 1 } }, model: [parcel] });
  await it.agentSays('Please call again.', { withinMs: 30_000 });
  it.says('Wait, where is my parcel?');
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
});

call('a voice without words is asked to say it again', async begin => {
  const it = await greeted(begin, { model: [parcel] });
  it.mumbles({ ms: 2600 });
  await it.agentSays(unheard, { withinMs: 12_000 });
  it.says('Where is my parcel?');
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
});

for (const takesMs of [3000, 6000, 9000, 13_000]) {
  call(`a tool of ${takesMs} ms is bridged with words that are never the same twice in a row`, async begin => {
    const it = await greeted(begin, {
      tools: { 'find-parcel': { takesMs, gives: { day: 'Tuesday' } } },
      agent: { tools: ['find-parcel'] },
      model: (_, { history }) => (history.at(-1)?.type === 'tool-output' ? parcel : [{ tool: 'find-parcel' }]),
    });
    it.says('Where is my parcel?');
    await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 25_000 });
    const said = hold.filter(text => it.heard().includes(text));
    expect(said.length).toBeGreaterThanOrEqual(Math.floor(takesMs / 6000));
    for (const text of hold) expect(it.heard()).not.toContain(`${text} ${text}`);
  });
}

call("a slow tool's own words come first", async begin => {
  const it = await greeted(begin, {
    tools: { 'find-parcel': { takesMs: 9000, holdWords: ['I am asking the driver.'] } },
    agent: { tools: ['find-parcel'] },
    model: (_, { history }) => (history.at(-1)?.type === 'tool-output' ? parcel : [{ tool: 'find-parcel' }]),
  });
  it.says('Where is my parcel?');
  await it.agentSays('I am asking the driver.', { withinMs: 9000 });
  await it.agentSays(hold[0] ?? '', { withinMs: 6000 });
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 15_000 });
});

call(
  'a caller who interrupts the hold words with more of the question is answered once, with all of it',
  async begin => {
    const it = await greeted(begin, {
      tools: { 'find-parcel': { takesMs: 7000 } },
      agent: { tools: ['find-parcel'] },
      model: (said, { history }) => {
        if (history.at(-1)?.type !== 'tool-output') return [{ tool: 'find-parcel' }];
        return /blue/.test(said) ? 'The blue one comes on Tuesday.' : parcel;
      },
    });
    it.says('Where is my parcel?');
    await it.agentSays('One moment', { withinMs: 8000 });
    it.says('I mean the blue one.');
    await it.agentSays('The blue one comes on Tuesday.', { withinMs: 25_000 });
    expect(it.heard()).not.toContain('Your parcel');
  },
);

call('an effect that was begun is done once, whatever the caller says', async begin => {
  const it = await greeted(begin, {
    tools: { 'book-table': { takesMs: 3000, effect: true } },
    agent: { tools: ['book-table'] },
    model: (said, { history }) => {
      if (/thank/i.test(said)) return 'You are welcome.';
      return history.some(item => item.type === 'tool-output') ? 'It is booked for eight.' : [{ tool: 'book-table' }];
    },
  });
  it.says('Book me a table at eight.', { finalLagMs: 300 });
  await it.until('booking', () => it.effects.length === 1, 8000);
  it.presses('1');
  await it.agentSays('It is booked for eight.', { withinMs: 20_000 });
  expect(it.effects).toHaveLength(1);
});

call('an effect waits for the caller’s words to be final', async begin => {
  const it = await greeted(begin, {
    tools: { 'book-table': { takesMs: 500, effect: true } },
    agent: { tools: ['book-table'] },
    pace: { firstMs: [100, 100] },
    model: (_, { history }) =>
      history.at(-1)?.type === 'tool-output' ? 'It is booked for eight.' : [{ tool: 'book-table' }],
  });
  it.says('Book me a table at eight.', { finalLagMs: 1000 });
  await it.agentSays('It is booked for eight.', { withinMs: 20_000 });
  expect(it.effects).toHaveLength(1);
  expect(it.effects[0]?.at).toBeGreaterThanOrEqual(it.ears.finals[0]?.at ?? Number.POSITIVE_INFINITY);
});

call('a model that hangs is bridged, asked again, and apologised for', async begin => {
  const it = await greeted(begin, { model: [['HANG']] });
  it.says('Where is my parcel?');
  await it.agentSays(apology, { withinMs: 25_000 });
  expect(it.model.asked).toHaveLength(2);
});

call('a model that hangs once is asked again and answers', async begin => {
  const it = await greeted(begin, { agent: { model: { firstTokenMs: 4000 } }, model: [['HANG'], parcel] });
  it.says('Where is my parcel?');
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 25_000 });
  await it.agentIsSilent();
  expect(it.heard()).not.toContain(apology);
});

for (const [what, answer] of [
  ['fails', ['FAIL']],
  ['is empty', []],
  ['breaks off before a word', ['BREAK OFF']],
] as const) {
  call(`a model that ${what} twice is apologised for, and the next turn works`, async begin => {
    const it = await greeted(begin, { model: said => (/parcel/.test(said) && !/hello/i.test(said) ? answer : parcel) });
    it.says('Where is my parcel?');
    await it.agentSays(apology, { withinMs: 12_000 });
    await it.agentIsSilent();
    it.says('Hello? I asked for my parcel.');
    await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
  });
  call(`a model that ${what} once is asked again, and nobody notices`, async begin => {
    const it = await greeted(begin, { model: [answer, parcel] });
    it.says('Where is my parcel?');
    await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
    expect(it.heard()).not.toContain(apology);
  });
}

call('of a model that breaks off in the middle what it said stands, and the caller may go on', async begin => {
  const it = await greeted(begin, {
    model: said => (/parcel/.test(said) ? ['Your parcel is on its way. It arrives', 'BREAK OFF'] : 'On Tuesday.'),
  });
  it.says('Where is my parcel?');
  await it.agentSays('Your parcel is on its way.');
  await it.agentIsSilent();
  it.says('When does it arrive?');
  await it.agentSays('On Tuesday.');
});

call('a model that pauses in mid-answer is waited for, and the wait is bridged', async begin => {
  const it = await greeted(begin, { model: [['Let me look for it. ', { waitMs: 7000 }, 'It arrives on Tuesday.']] });
  it.says('Where is my parcel?');
  await it.agentSays('It arrives on Tuesday.', { withinMs: 20_000 });
});

encore();
