import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../agents/tool.ts';
import type { Line } from './model/scripted-model.ts';
import { agent, caller, conversation, gate, hours, settled } from './scripted-conversation.ts';

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
    expect(of('tool-started')).toEqual([
      { type: 'tool-started', turn: 1, epoch: 0, name: 'opening-hours', holdWords: [] },
    ]);
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

  test('with an effect that end late leave the reply that runs by then alone', async () => {
    const booking = gate();
    const tool = hours({ effect: true, run: () => booking.passed });
    const { runtime, model, told, bargeIn } = conversation([asksHours, ['One. ', 'hang']], { tools: [tool] });
    runtime.take({ turn: 1, epoch: 0, said: 'Book.' });
    await told('tool-started', 1);
    runtime.take({ turn: 2, epoch: bargeIn(1, ''), said: 'Wait.' });
    booking.open();
    await told('tool-ran', 1);
    await settled();
    bargeIn(2, 'One.');
    expect(model.requests[1]?.signal.aborted).toBe(true);
  });

  describe('with an effect, asked for by words that were not final', () => {
    const book = () => {
      const booked: unknown[] = [];
      const tool = hours({ effect: true, holdWords: ['I am booking.'], run: args => booked.push(args) });
      const talk = conversation([asksHours, ['Booked.']], { tools: [tool] });
      talk.runtime.take({ turn: 1, epoch: 1, said: 'book monday', final: false });
      return { ...talk, booked };
    };

    test('wait until the words are confirmed', async () => {
      const { runtime, told, booked, of, clock } = book();
      await told('tool-started', 1);
      await settled();
      expect(booked).toEqual([]);
      expect(of('tool-started')).toMatchObject([{ holdWords: ['I am booking.'] }]);
      runtime.correct(1, 'Book Monday.');
      await told('reply-ended', 1);
      expect(booked).toHaveLength(1);
      expect(clock.waiting()).toBe(0);
    });

    test('never run where the words turn out otherwise', async () => {
      const { runtime, model, told, booked } = book();
      await told('tool-started', 1);
      runtime.take({ turn: 1, epoch: 2, said: 'Book Monday? No, wait.' });
      await told('reply-ended', 1);
      expect(booked).toEqual([]);
      expect(model.requests[1]?.history).toEqual([caller('Book Monday? No, wait.')]);
    });

    test('run after three seconds in which no final came', async () => {
      const { told, booked, clock } = book();
      await told('tool-started', 1);
      clock.advance(2999);
      await settled();
      expect(booked).toEqual([]);
      clock.advance(1);
      await told('reply-ended', 1);
      expect(booked).toHaveLength(1);
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
