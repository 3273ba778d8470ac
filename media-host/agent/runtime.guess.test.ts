import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Line } from './model/scripted-model.ts';
import { caller, conversation, gate, hours, settled } from './scripted-conversation.ts';

const asksHours: Line[] = [{ call: 'opening_hours', args: { day: 'monday' } }];

describe('a guess at what the caller says', () => {
  test('is told by nobody, and saves the model’s time when the words were right', async () => {
    const thinking = gate();
    const { runtime, model, clock, told, events, of } = conversation([
      [{ wait: thinking.passed }, 'We are open. ', 'Until six.'],
    ]);
    runtime.guess({ turn: 1, said: 'are you open' });
    clock.advance(300);
    thinking.open();
    await settled();
    expect(events).toEqual([]);
    clock.advance(200);
    runtime.take({ turn: 1, epoch: 1, said: 'Are you open?' });
    await told('reply-ended', 1);
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.history).toEqual([caller('are you open')]);
    expect(of('sentence')).toMatchObject([
      { epoch: 1, index: 0, text: 'We are open.', askedUs: 0, firstTokenUs: 300_000, cutUs: 300_000 },
      { epoch: 1, index: 1, text: 'Until six.', askedUs: 0 },
    ]);
    expect(of('model-ran')).toMatchObject([{ turn: 1, epoch: 1, cancelled: false, ttftMs: 300 }]);
  });

  test('goes on where it was when the turn is taken, and what has come is told at once', async () => {
    const rest = gate();
    const { runtime, model, told, spoken, of } = conversation([
      ['We are open. ', 'Until ', { wait: rest.passed }, 'six.'],
    ]);
    runtime.guess({ turn: 1, said: 'are you open' });
    await settled();
    runtime.take({ turn: 1, epoch: 1, said: 'Are you open?' });
    expect(spoken()).toEqual(['We are open.']);
    expect(of('model-ran')).toEqual([]);
    rest.open();
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['We are open.', 'Until six.']);
    expect(model.requests).toHaveLength(1);
  });

  test('of other words is given up at once and paid for, and the turn is answered as it was said', async () => {
    const { runtime, model, told, spoken, of } = conversation([['We are open. ', 'hang'], ['Closed on Sunday.']]);
    runtime.guess({ turn: 1, said: 'are you open' });
    await settled();
    runtime.take({ turn: 1, epoch: 1, said: 'Are you open on Sunday?' });
    await told('reply-ended', 1);
    expect(model.requests[0]?.signal.aborted).toBe(true);
    expect(model.requests[1]?.history).toEqual([caller('Are you open on Sunday?')]);
    expect(spoken()).toEqual(['Closed on Sunday.']);
    expect(of('model-ran')).toMatchObject([
      { turn: 1, epoch: -1, cancelled: true, outputTokens: Math.ceil('We are open. '.length / 4) },
      { turn: 1, epoch: 1, cancelled: false },
    ]);
  });

  test('that was done when it turned out wrong is paid for with what the service counted', async () => {
    const { runtime, told, of } = conversation([['We are open.'], ['Closed.']]);
    runtime.guess({ turn: 1, said: 'are you open' });
    await settled();
    runtime.take({ turn: 1, epoch: 1, said: 'Sunday?' });
    await told('reply-ended', 1);
    expect(of('model-ran')[0]).toMatchObject({ epoch: -1, cancelled: true, inputTokens: 20, outputTokens: 10 });
  });

  test('is of no use once the history has changed', async () => {
    const { runtime, model, told, spoken } = conversation([['Old.'], ['New.']]);
    runtime.greet(0);
    runtime.guess({ turn: 1, said: 'yes' });
    await settled();
    runtime.heard(0, 'Hello, this is', false);
    runtime.take({ turn: 1, epoch: 1, said: 'Yes.' });
    await told('reply-ended', 1);
    expect(spoken().at(-1)).toBe('New.');
    expect(model.requests).toHaveLength(2);
  });

  test('is dropped by the next guess, by a barge-in, by being told to, and by the end', async () => {
    const { runtime, model, bargeIn } = conversation([['hang'], ['hang'], ['hang'], ['hang']]);
    const aborted = () => model.requests.map(({ signal }) => signal.aborted);
    runtime.guess({ turn: 1, said: 'one' });
    runtime.guess({ turn: 1, said: 'one two' });
    expect(aborted()).toEqual([true, false]);
    bargeIn(0, '');
    runtime.guess({ turn: 1, said: 'three' });
    expect(aborted()).toEqual([true, true, false]);
    runtime.dropGuess();
    runtime.guess({ turn: 1, said: 'four' });
    await runtime.close();
    expect(aborted()).toEqual([true, true, true, true]);
  });

  test('may ask for tools, and none runs before the turn is taken', async () => {
    let runs = 0;
    const tool = hours({
      effect: true,
      run: () => {
        runs += 1;
        return 'booked';
      },
    });
    const { runtime, model, told, spoken } = conversation([['One moment. ', ...asksHours], ['Booked.']], {
      tools: [tool],
    });
    runtime.guess({ turn: 1, said: 'book monday' });
    await settled();
    await settled();
    expect([runs, model.requests.length]).toEqual([0, 1]);
    runtime.take({ turn: 1, epoch: 1, said: 'Book Monday.' });
    await told('reply-ended', 1);
    expect([runs, model.requests.length]).toEqual([1, 2]);
    expect(spoken()).toEqual(['One moment.', 'Booked.']);
  });

  test.each<[string, Line[]]>([
    ['failed', ['fail']],
    ['broke off', ['We are. ', 'break-off']],
  ])('that %s costs the turn nothing: it is asked as if nobody had guessed', async (_, script) => {
    const { runtime, told, spoken, of } = conversation([script, ['fail'], ['Yes.']]);
    runtime.guess({ turn: 1, said: 'open' });
    await settled();
    runtime.take({ turn: 1, epoch: 1, said: 'Open?' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['Yes.']);
    expect(of('model-ran').map(({ epoch }) => epoch)).toEqual([-1, 1, 1]);
  });

  test('that is adopted ends with its reply', async () => {
    const { runtime, model, shared, bargeIn, spoken } = conversation([['One. ', 'hang']]);
    runtime.guess({ turn: 1, said: 'count' });
    await settled();
    shared.epoch = 1;
    runtime.take({ turn: 1, epoch: 1, said: 'Count.' });
    bargeIn(1, '');
    expect(spoken()).toEqual(['One.']);
    expect(model.requests[0]?.signal.aborted).toBe(true);
  });

  test('for a turn that came too late is dropped', async () => {
    const { runtime, model, shared } = conversation([['hang']]);
    runtime.guess({ turn: 1, said: 'count' });
    shared.epoch = 5;
    runtime.take({ turn: 1, epoch: 1, said: 'Count.' });
    expect(model.requests[0]?.signal.aborted).toBe(true);
  });

  test('changes no history, speaks no word and runs no tool of its own, in any order of guesses, turns and cuts', async () => {
    const step = fc.constantFrom('guess right', 'guess wrong', 'take', 'cut', 'let run');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async steps => {
        let committed = 0;
        let runs = 0;
        let mostUncommitted = 0;
        const tool = hours({
          run: () => {
            runs += 1;
            mostUncommitted = Math.max(mostUncommitted, runs - committed);
            return 'x';
          },
        });
        // A model whose answer says what it was asked, and whose first answer to a turn is a tool call.
        const talk = conversation([], { tools: [tool], model: echo() });
        let turn = 0;
        const said: string[] = [];
        for (const [at, what] of steps.entries()) {
          if (what === 'guess right') talk.runtime.guess({ turn: turn + 1, said: `word${turn + 1}` });
          else if (what === 'guess wrong') talk.runtime.guess({ turn: turn + 1, said: `wrong${at}` });
          else if (what === 'take') {
            turn += 1;
            committed += 1;
            talk.shared.epoch += 1;
            said.push(`Word${turn}.`);
            talk.runtime.take({ turn, epoch: talk.shared.epoch, said: `Word${turn}.` });
          } else if (what === 'cut') talk.bargeIn(turn, '');
          else for (let times = 0; times < 3; times++) await settled();
        }
        turn += 1;
        committed += 1;
        talk.shared.epoch += 1;
        talk.runtime.take({ turn, epoch: talk.shared.epoch, said: 'Last.' });
        await talk.told('reply-ended', turn);
        for (const sentence of talk.of('sentence')) expect(sentence.text).not.toContain('wrong');
        expect(talk.spoken().at(-1)?.toLowerCase()).toBe(
          `heard ${[...said, 'Last.'].join(' ').replaceAll('.', '').toLowerCase()}.`,
        );
        expect(mostUncommitted).toBeLessThanOrEqual(0);
        expect(talk.faults).toEqual([]);
        await talk.runtime.close();
      }),
      { numRuns: 100 },
    );
  });
});

/** Calls the tool for each new word of the caller, and then repeats all the caller said. */
function echo() {
  return {
    async *stream({ history }: { history: readonly { type: string; text?: string }[] }) {
      const usage = { input: 1, output: 1, cached: 0 };
      if (history.at(-1)?.type === 'caller') {
        yield { type: 'tool-call' as const, callId: 'c', name: 'opening_hours', arguments: '{"day":"x"}' };
        yield { type: 'done' as const, usage, finish: 'tool-calls' as const };
        return;
      }
      const words = history.flatMap(item => (item.type === 'caller' ? [item.text ?? ''] : []));
      yield { type: 'text' as const, delta: `Heard ${words.join(' ').replaceAll('.', '')}.` };
      yield { type: 'done' as const, usage, finish: 'stop' as const };
    },
  };
}
