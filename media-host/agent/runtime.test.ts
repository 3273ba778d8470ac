import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../../agents/load.ts';
import { defineTool, type Tool, type ToolDefinition } from '../../agents/tool.ts';
import { agentDefinition } from '../../contracts/agent.ts';
import { virtualClock } from '../clock.ts';
import { apology } from './reply.ts';
import { createRuntime, type RuntimeOptions } from './runtime.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import { type Line, scriptedModel } from './scripted-model.ts';

const day = z.object({ day: z.string() });
const hours = (more: Partial<ToolDefinition<typeof day>> = {}) =>
  defineTool({
    name: 'opening-hours',
    description: 'Hours.',
    parameters: day,
    run: () => ({ hours: '9 to 6' }),
    ...more,
  });

function agentWith(tools: Tool[] = []): Agent {
  const definition = agentDefinition.parse({
    name: 'reception',
    description: 'Answers',
    greeting: 'Hello, this is Switchboard. How can I help?',
    prompt: 'x',
  });
  const instructions: Agent['instructions'] = ({ today, call }) => `Today is ${today}, call ${call.direction}.`;
  return { definition, version: 'abc', tools, instructions };
}

/** A conversation whose clock and model are scripted; `epoch` is the call's shared number. */
function conversation(scripts: Line[][], { tools = [], ...more }: { tools?: Tool[] } & Partial<RuntimeOptions> = {}) {
  const clock = virtualClock(Date.UTC(2026, 10, 20, 12));
  const model = scriptedModel(...scripts);
  const events: RuntimeEvent[] = [];
  const faults: unknown[] = [];
  const waiters: { matches: (event: RuntimeEvent) => boolean; resolve: () => void }[] = [];
  const shared = { epoch: 0 };
  const runtime = createRuntime({
    callId: '0'.repeat(32),
    agent: agentWith(tools),
    model,
    defaultModel: 'gpt-test',
    isCurrent: epoch => epoch >= shared.epoch,
    now: clock.now,
    monotonicUs: clock.monotonicUs,
    after: clock.after,
    onFault: error => faults.push(error),
    ...more,
    emit: event => {
      events.push(event);
      for (const waiter of waiters.splice(0)) waiter.matches(event) ? waiter.resolve() : waiters.push(waiter);
      more.emit?.(event);
    },
  });
  const of = <T extends RuntimeEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RuntimeEvent, { type: T }> => event.type === type);
  return {
    runtime,
    clock,
    model,
    events,
    faults,
    shared,
    of,
    spoken: () => of('sentence').map(({ text }) => text),
    /** Resolves when an event of this type has been told for the turn. */
    told: (type: RuntimeEvent['type'], turn: number) => {
      const matches = (event: RuntimeEvent) => event.type === type && event.turn === turn;
      if (events.some(matches)) return Promise.resolve();
      return new Promise<void>(resolve => waiters.push({ matches, resolve }));
    },
    /** Barge-in, in the order the call does it. */
    bargeIn: (turn: number, heard: string) => {
      shared.epoch += 1;
      runtime.cancel(shared.epoch);
      runtime.heard(turn, heard, true);
      return shared.epoch;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
const settled = () => new Promise<void>(resolve => setImmediate(resolve));

/** Something the test lets through when it wants. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>(resolve => {
    open = resolve;
  });
  return { passed, open };
}

const caller = (text: string) => ({ type: 'caller', text });
const agent = (text: string) => ({ type: 'agent', text });

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
      const { runtime, told, spoken, of } = conversation([script]);
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

describe('tools', () => {
  const asksHours: Line[] = [{ call: 'opening_hours', args: { day: 'monday' } }];

  test('run, and the model goes on from what they return', async () => {
    const { runtime, model, told, spoken, of } = conversation([['One moment. ', ...asksHours], ['Nine to six.']], {
      tools: [hours()],
    });
    runtime.take({ turn: 1, epoch: 0, said: 'Monday?' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['One moment.', 'Nine to six.']);
    expect(of('reply-ended')[0]?.text).toBe('One moment. Nine to six.');
    expect(model.requests[1]?.history).toEqual([
      caller('Monday?'),
      agent('One moment.'),
      { type: 'tool-call', callId: 'call_1_1', name: 'opening_hours', arguments: '{"day":"monday"}' },
      { type: 'tool-output', callId: 'call_1_1', output: '{"hours":"9 to 6"}' },
    ]);
    expect(of('tool-started')).toEqual([{ type: 'tool-started', turn: 1, epoch: 0, name: 'opening-hours' }]);
    expect(of('tool-ran')).toEqual([{ type: 'tool-ran', turn: 1, epoch: 0, name: 'opening-hours', ok: true, ms: 0 }]);
    runtime.heard(1, 'One moment. Nine', true);
    runtime.take({ turn: 2, epoch: 0, said: 'Ok.' });
    expect(model.requests[2]?.history.map(({ type }) => type)).toEqual([
      'caller',
      'tool-call',
      'tool-output',
      'agent',
      'caller',
    ]);
  });

  test('of one round run side by side', async () => {
    let inside = 0;
    let most = 0;
    const tool = hours({
      run: async () => {
        inside += 1;
        most = Math.max(most, inside);
        await settled();
        inside -= 1;
        return 'ok';
      },
    });
    const { runtime, told, model } = conversation([[...asksHours, ...asksHours, ...asksHours], ['Done.']], {
      tools: [tool],
    });
    runtime.take({ turn: 1, epoch: 0, said: 'All?' });
    await told('reply-ended', 1);
    expect(most).toBe(3);
    expect(model.requests[1]?.history.filter(({ type }) => type === 'tool-output')).toHaveLength(3);
  });

  test('that fail are told to the model, and the loop goes on', async () => {
    const never = defineTool({
      name: 'slow',
      description: 'x',
      parameters: z.object({}),
      timeoutMs: 500,
      run: () => new Promise(() => undefined),
    });
    const broken = hours({
      run: () => {
        throw new Error('broken');
      },
    });
    const { runtime, clock, model, told, spoken, of } = conversation(
      [
        [{ call: 'nothing' }, { call: 'opening_hours', args: '{"day":' }, ...asksHours, { call: 'slow' }],
        ['I could not find out.'],
      ],
      { tools: [broken, never] },
    );
    runtime.take({ turn: 1, epoch: 0, said: 'Hours?' });
    await settled();
    clock.advance(500);
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['I could not find out.']);
    const outputs = model.requests[1]?.history.flatMap(item => (item.type === 'tool-output' ? [item.output] : []));
    expect(outputs?.map(output => JSON.parse(output).error)).toEqual([
      'TOOL_UNKNOWN',
      'TOOL_ARGUMENTS_INVALID',
      'TOOL_FAILED',
      'TOOL_TIMED_OUT',
    ]);
    expect(of('tool-ran').map(({ name, ok, code, ms }) => [name, ok, code, ms])).toEqual([
      ['unknown', false, 'TOOL_UNKNOWN', 0],
      ['opening-hours', false, 'TOOL_ARGUMENTS_INVALID', 0],
      ['opening-hours', false, 'TOOL_FAILED', 0],
      ['slow', false, 'TOOL_TIMED_OUT', 500],
    ]);
  });

  test('are taken away after four rounds, so that the model answers', async () => {
    const { runtime, model, told, spoken } = conversation(
      [asksHours, asksHours, asksHours, asksHours, ['Enough.', ...asksHours]],
      {
        tools: [hours()],
      },
    );
    runtime.take({ turn: 1, epoch: 0, said: 'Loop.' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['Enough.']);
    expect(model.requests.map(({ tools }) => tools.length)).toEqual([1, 1, 1, 1, 0]);
  });

  test('that look things up end with a barge-in, and leave nothing half done in the history', async () => {
    let stopped = false;
    const tool = hours({
      run: (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            stopped = true;
          });
        }),
    });
    const { runtime, model, told, bargeIn, of } = conversation([asksHours, ['Sure.']], { tools: [tool] });
    runtime.take({ turn: 1, epoch: 0, said: 'Monday?' });
    await told('tool-started', 1);
    const epoch = bargeIn(1, '');
    expect(stopped).toBe(true);
    runtime.take({ turn: 2, epoch, said: 'Never mind.' });
    await told('reply-ended', 2);
    expect(model.requests[1]?.history).toEqual([caller('Monday?'), caller('Never mind.')]);
    expect(of('tool-ran')).toEqual([]);
  });

  test('with an effect are finished after a barge-in, and the model knows', async () => {
    let finish: (value: unknown) => void = () => undefined;
    let stopped = false;
    const tool = hours({
      effect: true,
      run: (_, { signal }) =>
        new Promise(resolve => {
          finish = resolve;
          signal.addEventListener('abort', () => {
            stopped = true;
          });
        }),
    });
    const { runtime, model, told, bargeIn, of } = conversation([asksHours, ['Sure.'], ['It is booked.']], {
      tools: [tool],
    });
    runtime.take({ turn: 1, epoch: 0, said: 'Book Monday.' });
    await told('tool-started', 1);
    const epoch = bargeIn(1, '');
    runtime.take({ turn: 2, epoch, said: 'Wait.' });
    await told('reply-ended', 2);
    expect(stopped).toBe(false);
    finish({ booked: true });
    await told('tool-ran', 1);
    await settled();
    expect(of('tool-ran')).toMatchObject([{ turn: 1, ok: true }]);
    runtime.heard(2, 'Sure.', false);
    runtime.take({ turn: 3, epoch, said: 'Did it work?' });
    await told('reply-ended', 3);
    expect(model.requests).toHaveLength(3);
    expect(model.requests[2]?.history).toContainEqual({
      type: 'tool-output',
      callId: 'call_1_1',
      output: '{"booked":true}',
    });
  });

  test('with an effect are waited for when the call ends', async () => {
    let finish: (value: unknown) => void = () => undefined;
    const tool = hours({
      effect: true,
      run: () =>
        new Promise(resolve => {
          finish = resolve;
        }),
    });
    const { runtime, told, of } = conversation([asksHours], { tools: [tool] });
    runtime.take({ turn: 1, epoch: 0, said: 'Book.' });
    await told('tool-started', 1);
    let closed = false;
    const closing = runtime.close().then(() => {
      closed = true;
    });
    await settled();
    expect(closed).toBe(false);
    finish('done');
    await closing;
    expect(of('tool-ran')).toHaveLength(1);
  });
});

describe('barge-in', () => {
  test('nothing of a cut reply is told but its account, and the words of the caller stay', async () => {
    const { runtime, model, told, bargeIn, spoken, of } = conversation([['We are open. And ', 'hang'], ['Of course.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'My policy is 4471.' });
    await told('sentence', 1);
    const epoch = bargeIn(1, 'We are');
    expect(model.requests[0]?.signal.aborted).toBe(true);
    runtime.take({ turn: 2, epoch, said: 'Stop.' });
    await told('reply-ended', 2);
    expect(spoken()).toEqual(['We are open.', 'Of course.']);
    expect(of('reply-ended').map(({ turn }) => turn)).toEqual([2]);
    expect(of('reply-failed')).toEqual([]);
    expect(of('model-ran')).toMatchObject([
      { turn: 1, cancelled: true, outputTokens: Math.ceil('We are open. And '.length / 4) },
      { turn: 2, cancelled: false },
    ]);
    expect(of('model-ran')[0]).not.toHaveProperty('code');
    expect(model.requests[1]?.history).toEqual([caller('My policy is 4471.'), agent('We are'), caller('Stop.')]);
  });

  test('a stale sentence is dropped before the lane has heard of the barge-in', async () => {
    const pause = gate();
    const { runtime, shared, told, spoken, of } = conversation([['One. ', { wait: pause.passed }, 'Two. Three.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'Count.' });
    await told('sentence', 1);
    shared.epoch = 1;
    pause.open();
    await told('model-ran', 1);
    await settled();
    expect(spoken()).toEqual(['One.']);
    expect(of('reply-ended')).toEqual([]);
  });

  test('words that join a turn being answered are answered together, once', async () => {
    const { runtime, model, shared, told, spoken } = conversation([['hang'], ['Found it.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'My policy is' });
    await settled();
    shared.epoch = 1;
    runtime.take({ turn: 1, epoch: 1, said: 'My policy is 4471.' });
    await told('reply-ended', 1);
    expect(model.requests[0]?.signal.aborted).toBe(true);
    expect(model.requests[1]?.history).toEqual([caller('My policy is 4471.')]);
    expect(spoken()).toEqual(['Found it.']);
  });

  test('a reply that was made but not heard is not in the history of the next', async () => {
    const { runtime, model, shared, told } = conversation([['Made.'], ['Again.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'One' });
    await told('reply-ended', 1);
    shared.epoch = 1;
    runtime.take({ turn: 1, epoch: 1, said: 'One two' });
    await told('model-ran', 1);
    expect(model.requests[1]?.history).toEqual([caller('One two')]);
  });

  test('being heard interrupted is enough to end the reply', async () => {
    const { runtime, model, told } = conversation([['One. ', 'hang']]);
    runtime.take({ turn: 1, epoch: 0, said: 'Count.' });
    await told('sentence', 1);
    runtime.heard(1, 'One', true);
    expect(model.requests[0]?.signal.aborted).toBe(true);
  });

  test('a request of the same epoch waits for the reply before it; the newest of several is answered', async () => {
    const pause = gate();
    const { runtime, model, told, spoken } = conversation([[{ wait: pause.passed }, 'First.'], ['Both.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'One.' });
    runtime.take({ turn: 2, epoch: 0, said: 'Two.' });
    runtime.take({ turn: 3, epoch: 0, said: 'Three.' });
    await settled();
    expect(model.requests).toHaveLength(1);
    pause.open();
    await told('reply-ended', 3);
    expect(spoken()).toEqual(['First.', 'Both.']);
    expect(model.requests[1]?.history).toEqual(expect.arrayContaining([caller('Two.'), caller('Three.')]));
  });

  test('a request that is already stale is remembered and not answered', async () => {
    const { runtime, model, shared, told } = conversation([['Yes.']]);
    shared.epoch = 2;
    runtime.take({ turn: 1, epoch: 1, said: 'Old words.' });
    runtime.take({ turn: 2, epoch: 2, said: 'New words.' });
    await told('reply-ended', 2);
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.history).toEqual([caller('Old words.'), caller('New words.')]);
  });

  test('no word is lost and no stale sentence told in any order of words, cuts and answers', async () => {
    const step = fc.constantFrom('take', 'merge', 'cut', 'heard', 'let run');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
        const staleTold: number[] = [];
        const shared = { epoch: 0 };
        const talk = conversation(
          Array.from({ length: 60 }, () => ['Some words. ', 'More of them. ', 'End.']),
          {
            isCurrent: epoch => epoch >= shared.epoch,
            emit: event => {
              if (event.type === 'sentence' && event.epoch < shared.epoch) staleTold.push(event.epoch);
            },
          },
        );
        const words: string[] = [];
        let turn = 0;
        let said = '';
        for (const [at, what] of steps.entries()) {
          if (what === 'take' || (what === 'merge' && turn > 0)) {
            words.push(`word${at}.`);
            said = what === 'take' ? `word${at}.` : `${said} word${at}.`;
            if (what === 'take') turn += 1;
            shared.epoch += 1;
            talk.runtime.take({ turn, epoch: shared.epoch, said });
          } else if (what === 'cut') {
            shared.epoch += 1;
            talk.runtime.cancel(shared.epoch);
          } else if (what === 'heard') {
            talk.runtime.heard(turn, 'Some', true);
            turn += 1;
            said = '';
          } else await settled();
        }
        turn += 1;
        shared.epoch += 1;
        talk.runtime.take({ turn, epoch: shared.epoch, said: 'last.' });
        await talk.told('reply-ended', turn);
        const known = talk.model.requests.at(-1)?.history.flatMap(item => (item.type === 'caller' ? [item.text] : []));
        expect(known?.join(' ').split(' ')).toEqual([...words, 'last.']);
        expect(staleTold).toEqual([]);
        expect(talk.faults).toEqual([]);
        await talk.runtime.close();
      }),
      { numRuns: 300 },
    );
  });
});

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
  ])('and %s is given up after 8 s, asked once more, and apologised for', async (_, script) => {
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
    clock.advance(8000);
    await told('reply-failed', 1);
    expect(spoken()).toEqual([apology]);
    expect(of('model-ran').map(({ code, ms, cancelled }) => [code, ms, cancelled])).toEqual([
      ['MODEL_UNAVAILABLE', 8000, false],
      ['MODEL_UNAVAILABLE', 8000, false],
    ]);
  });

  test('an answer the filter cut says what there is; one it cut whole is apologised for', async () => {
    const filtered = { type: 'done', usage: { input: 1, output: 1, cached: 0 }, finish: 'content-filter' } as const;
    const { runtime, told, spoken } = conversation([['Well. And', filtered], [filtered]]);
    runtime.take({ turn: 1, epoch: 0, said: 'A' });
    await told('reply-ended', 1);
    runtime.take({ turn: 2, epoch: 0, said: 'B' });
    await told('reply-failed', 2);
    expect(spoken()).toEqual(['Well.', 'And', apology]);
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
