import { describe, expect, test } from 'vitest';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { type Line, scriptedModel } from './model/scripted-model.ts';
import type { RuntimeOptions } from './runtime.ts';
import { agent, agentWith, apology, caller, conversation, hours, refusal, settled } from './scripted-conversation.ts';

describe('a model that fails', () => {
  test.each<[string, Line[]]>([
    ['refuses', ['fail']],
    ['breaks off before a sentence', ['We are', 'break-off']],
    ['throws something odd', [new TypeError('fetch failed')]],
  ])('and %s is asked once more, unheard', async (_, first) => {
    const { runtime, told, spoken, of } = conversation([first, ['Here I am.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['Here I am.']);
    expect(of('model-ran').map(({ code }) => code)).toEqual(['MODEL_UNAVAILABLE', undefined]);
  });

  test('twice is an apology, and the next turn works', async () => {
    const { runtime, model, told, spoken, of } = conversation([['fail'], ['fail'], ['Better now.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await told('reply-failed', 1);
    expect(spoken()).toEqual([apology]);
    expect(of('reply-failed')).toEqual([{ type: 'reply-failed', turn: 1, epoch: 0, code: 'MODEL_UNAVAILABLE' }]);
    expect(of('sentence')).toMatchObject([{ fixed: true }]);
    runtime.heard(1, apology, false);
    runtime.take({ turn: 2, epoch: 0, said: 'Again.' });
    await told('reply-ended', 2);
    expect(model.requests[2]?.history).toEqual([caller('Hello?'), agent(apology), caller('Again.')]);
  });

  test('in the middle of an answer is not asked again: nothing is said twice', async () => {
    const { runtime, model, told, spoken, of } = conversation([['We are open. Until', 'break-off']]);
    runtime.take({ turn: 1, epoch: 0, said: 'Open?' });
    await told('reply-failed', 1);
    expect(spoken()).toEqual(['We are open.']);
    expect(model.requests).toHaveLength(1);
    expect(of('reply-ended')).toEqual([]);
  });

  test('after a tool has kept the caller waiting is apologised for', async () => {
    const { runtime, told, spoken } = conversation(
      [['One moment. ', { call: 'opening_hours', args: { day: 'x' } }], ['fail'], ['fail']],
      { tools: [hours()] },
    );
    runtime.take({ turn: 1, epoch: 0, said: 'Hours?' });
    await told('reply-failed', 1);
    expect(spoken()).toEqual(['One moment.', apology]);
  });

  test.each<[string, Line[]]>([
    ['says nothing', ['hang']],
    ['falls silent in the middle of a sentence', ['We are', 'hang']],
  ])('and %s is given up after 8 s, asked once more for 5 s, and apologised for', async (_, script) => {
    const { runtime, clock, model, told, spoken, of } = conversation([script, script]);
    runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await settled();
    clock.advance(7999);
    await settled();
    expect(model.requests).toHaveLength(1);
    clock.advance(1);
    await settled();
    expect(model.requests).toHaveLength(2);
    expect(model.requests[0]?.signal.aborted).toBe(true);
    clock.advance(4999);
    await settled();
    expect(of('reply-failed')).toEqual([]);
    clock.advance(1);
    await told('reply-failed', 1);
    expect(spoken()).toEqual([apology]);
    expect(of('model-ran').map(({ code, ms, cancelled }) => [code, ms, cancelled])).toEqual([
      ['MODEL_UNAVAILABLE', 8000, false],
      ['MODEL_UNAVAILABLE', 5000, false],
    ]);
  });

  test('is waited for as long as the agent’s file says', async () => {
    const agent = agentWith([], { model: { firstTokenMs: 2000, betweenTokensMs: 1500, retryMs: 1200 } });
    const { runtime, clock, model, told, of } = conversation([['We', 'hang'], ['hang']], { agent });
    runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await settled();
    clock.advance(1499);
    await settled();
    expect(model.requests).toHaveLength(1);
    clock.advance(1);
    await settled();
    expect(model.requests).toHaveLength(2);
    clock.advance(1200);
    await told('reply-failed', 1);
    expect(of('model-ran').map(({ ms }) => ms)).toEqual([1500, 1200]);
  });

  test('by falling silent after a sentence leaves what was said, and the reply ends', async () => {
    const { runtime, clock, model, told, spoken, of } = conversation([
      ['We are open. Until', 'hang'],
      ['Never asked.'],
    ]);
    runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await told('sentence', 1);
    clock.advance(8000);
    await told('reply-failed', 1);
    expect(spoken()).toEqual(['We are open.']);
    expect(model.requests).toHaveLength(1);
    expect(of('reply-failed')).toMatchObject([{ code: 'MODEL_UNAVAILABLE' }]);
  });

  test('apologises and refuses in the agent’s own words and language', async () => {
    const german = agentWith([], { speech: { language: 'de-DE' }, apology: 'Oh weh.' });
    const filtered = { type: 'done', usage: { input: 1, output: 0, cached: 0 }, finish: 'content-filter' } as const;
    const { runtime, told, spoken } = conversation([['fail'], ['fail'], [filtered]], { agent: german });
    runtime.take({ turn: 1, epoch: 0, said: 'A' });
    await told('reply-failed', 1);
    runtime.take({ turn: 2, epoch: 0, said: 'B' });
    await told('reply-failed', 2);
    expect(spoken().join(' ')).toBe(`Oh weh. ${defaultPhrases('de-DE').refusal}`);
  });

  test('an answer the filter cut keeps its whole sentences, and ends in the agent’s words of refusal', async () => {
    const filtered = { type: 'done', usage: { input: 1, output: 1, cached: 0 }, finish: 'content-filter' } as const;
    const { runtime, model, told, spoken, of } = conversation([['Well. And', filtered], [filtered]]);
    runtime.take({ turn: 1, epoch: 0, said: 'A' });
    await told('reply-failed', 1);
    runtime.take({ turn: 2, epoch: 0, said: 'B' });
    await told('reply-failed', 2);
    expect(spoken()).toEqual(['Well.', refusal, refusal]);
    expect(of('sentence').map(({ index }) => index)).toEqual([0, 1, 0]);
    expect(of('reply-failed')).toMatchObject([
      { turn: 1, code: 'MODEL_REFUSED' },
      { turn: 2, code: 'MODEL_REFUSED' },
    ]);
    expect(model.requests).toHaveLength(2);
  });

  test.each<[string, string[], string[]]>([
    ['whole sentences are said and no half one', ['We are open. On Sunday we'], ['We are open.']],
    ['half a sentence where it is all there is', ['On Sunday we are'], ['On Sunday we are']],
    [
      'the sentence whose first clause was said',
      ['On Sundays and on bank holidays, we open at ten. On other'],
      ['On Sundays and on bank holidays,', 'we open at ten.'],
    ],
  ])('by running out of tokens: %s', async (_, script, said) => {
    const cut = { type: 'done', usage: { input: 1, output: 1, cached: 0 }, finish: 'length' } as const;
    const { runtime, told, spoken } = conversation([[...script, cut]]);
    runtime.take({ turn: 1, epoch: 0, said: 'When?' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(said);
  });

  test('by writing calls that are no JSON reads so once, and answers without calls after the second', async () => {
    const garbled: Line[] = [{ call: 'opening_hours', args: '{"day": "Mon' }];
    const { runtime, model, told, spoken, of } = conversation([garbled, garbled, ['We open at nine.']], {
      tools: [hours()],
    });
    runtime.take({ turn: 1, epoch: 0, said: 'When?' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['We open at nine.']);
    expect(model.requests.map(({ tools }) => tools.length)).toEqual([1, 1, 0]);
    expect(JSON.stringify(model.requests[1]?.history)).toContain('TOOL_ARGUMENTS_INVALID');
    expect(of('tool-ran').map(({ code }) => code)).toEqual(['TOOL_ARGUMENTS_INVALID', 'TOOL_ARGUMENTS_INVALID']);
  });
});

describe('an exception in a callback does not deafen the call', () => {
  const once = <A extends unknown[], R>(run: (...args: A) => R) => {
    let thrown = false;
    return (...args: A): R => {
      if (thrown) return run(...args);
      thrown = true;
      throw new Error('callback');
    };
  };
  const always = (): never => {
    throw new Error('callback');
  };

  test.each<[string, (broken: { on: boolean }) => Partial<RuntimeOptions>]>([
    ['emit', broken => ({ emit: () => broken.on && always() })],
    ['isCurrent', broken => ({ isCurrent: () => (broken.on ? always() : true) })],
    ['now', broken => ({ now: () => (broken.on ? always() : 0) })],
    ['monotonicUs', broken => ({ monotonicUs: () => (broken.on ? always() : 0) })],
    ['after', broken => ({ after: () => (broken.on ? always() : () => undefined) })],
    ['the agent’s prompt', broken => ({ agent: { ...agentWith(), instructions: () => (broken.on ? always() : 'x') } })],
    [
      'the model port',
      broken => {
        const working = scriptedModel(['Fine.']);
        return { model: { stream: request => (broken.on ? always() : working.stream(request)) } };
      },
    ],
  ])('%s', async (_, options) => {
    const broken = { on: true };
    const { runtime, told, of } = conversation([['Fine.'], ['Fine.'], ['Fine.']], options(broken));
    runtime.greet(0);
    runtime.take({ turn: 1, epoch: 0, said: 'One' });
    await settled();
    await settled();
    runtime.heard(1, '', false);
    broken.on = false;
    runtime.take({ turn: 2, epoch: 0, said: 'Two' });
    await told('reply-ended', 2);
    expect(of('sentence').at(-1)).toMatchObject({ turn: 2, text: 'Fine.' });
    await runtime.close();
  });

  test('an emit that throws once loses that event only, and is reported', async () => {
    const { runtime, told, spoken, faults } = conversation([['One. Two.']], { emit: once(() => undefined) });
    runtime.take({ turn: 1, epoch: 0, said: 'Count' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['One.', 'Two.']);
    expect(faults).toHaveLength(1);
  });
});
