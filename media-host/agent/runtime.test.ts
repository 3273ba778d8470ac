import { describe, expect, test } from 'vitest';
import { agent, apology, caller, conversation, gate, hours, settled } from './scripted-conversation.ts';

describe('a reply', () => {
  test('comes sentence by sentence while the model goes on', async () => {
    const pause = gate();
    const { runtime, told, spoken, of } = conversation([
      ['We are open. ', 'Until', { wait: pause.passed }, ' six **today**.'],
    ]);
    runtime.take({ turn: 1, epoch: 0, said: 'Are you open?' });
    await told('sentence', 1);
    expect(spoken()).toEqual(['We are open.']);
    pause.open();
    await told('reply-ended', 1);
    expect(of('sentence').map(({ index, text }) => [index, text])).toEqual([
      [0, 'We are open.'],
      [1, 'Until six today.'],
    ]);
    expect(of('reply-ended')).toEqual([
      { type: 'reply-ended', turn: 1, epoch: 0, text: 'We are open. Until six today.' },
    ]);
    await runtime.close();
  });

  test('carries the moments it was asked for, began and was cut, and its account', async () => {
    const [first, second] = [gate(), gate()];
    const { runtime, clock, told, of } = conversation([
      [{ wait: first.passed }, 'We are', { wait: second.passed }, ' open. Come'],
    ]);
    clock.advance(50);
    runtime.take({ turn: 1, epoch: 0, said: 'Open?' });
    clock.advance(120);
    first.open();
    await settled();
    clock.advance(30);
    second.open();
    await told('reply-ended', 1);
    expect(of('sentence')[0]).toMatchObject({ askedUs: 50_000, firstTokenUs: 170_000, cutUs: 200_000 });
    expect(of('model-ran')).toEqual([
      {
        type: 'model-ran',
        turn: 1,
        epoch: 0,
        model: 'gpt-test',
        ttftMs: 120,
        ms: 150,
        inputTokens: 20,
        outputTokens: 10,
        cachedTokens: 5,
        cancelled: false,
      },
    ]);
  });

  test('asks with the prompt, the history, the tools and a key for the cache', async () => {
    const { runtime, model, told } = conversation([['Yes.'], ['Bye.']], { tools: [hours()] });
    runtime.greet(0);
    runtime.heard(0, 'Hello, this is', true);
    runtime.take({ turn: 1, epoch: 0, said: 'Open?' });
    await told('reply-ended', 1);
    runtime.heard(1, 'Yes.', false);
    runtime.take({ turn: 2, epoch: 0, said: 'Bye.' });
    await told('reply-ended', 2);
    expect(model.requests[1]).toMatchObject({
      model: 'gpt-test',
      instructions: 'Today is Friday, 20 November 2026, call in.',
      history: [agent('Hello, this is'), caller('Open?'), agent('Yes.'), caller('Bye.')],
      tools: [{ name: 'opening_hours', description: 'Hours.' }],
      cacheKey: 'reception:abc',
      maxOutputTokens: 400,
    });
  });

  test('that is empty or unspeakable is an apology', async () => {
    for (const script of [[], ['  \n'], ['🎉'], ['**']]) {
      const { runtime, told, spoken, of } = conversation([script, script]);
      runtime.take({ turn: 1, epoch: 0, said: 'Hm?' });
      await told('reply-failed', 1);
      expect(spoken()).toEqual([apology]);
      expect(of('reply-failed')).toEqual([{ type: 'reply-failed', turn: 1, epoch: 0, code: 'MODEL_EMPTY' }]);
    }
  });

  test('of a very long run without a stop leaves whole and in order', async () => {
    const text = 'word and '.repeat(1200).trim();
    const { runtime, told, spoken } = conversation([[text]]);
    runtime.take({ turn: 1, epoch: 0, said: 'Talk.' });
    await told('reply-ended', 1);
    expect(spoken().join(' ')).toBe(text);
  });

  test('the greeting is turn 0', async () => {
    const { runtime, events } = conversation([]);
    runtime.greet(3);
    expect(events.map(({ type, turn, epoch }) => [type, turn, epoch])).toEqual([
      ['sentence', 0, 3],
      ['sentence', 0, 3],
      ['reply-ended', 0, 3],
    ]);
    expect(events.at(-1)).toMatchObject({ text: 'Hello, this is Switchboard. How can I help?' });
    await runtime.close();
  });
});

test('after the close nothing is told and nothing begun', async () => {
  const { runtime, model, told, events } = conversation([['One. ', 'hang']]);
  runtime.take({ turn: 1, epoch: 0, said: 'Count.' });
  await told('sentence', 1);
  await runtime.close();
  expect(model.requests[0]?.signal.aborted).toBe(true);
  const before = events.filter(({ type }) => type !== 'model-ran').length;
  runtime.greet(1);
  runtime.take({ turn: 2, epoch: 1, said: 'More.' });
  await settled();
  expect(events.filter(({ type }) => type !== 'model-ran')).toHaveLength(before);
  expect(model.requests).toHaveLength(1);
});
test('a request that came to its end is not aborted afterwards: its connection serves the next', async () => {
  const { runtime, model, told } = conversation([['Yes.']]);
  runtime.take({ turn: 1, epoch: 0, said: 'Open?' });
  await told('reply-ended', 1);
  await runtime.close();
  expect(model.requests[0]?.signal.aborted).toBe(false);
});
