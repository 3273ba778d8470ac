import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agent, caller, conversation, gate, settled } from './scripted-conversation.ts';

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

  test('what still waits is given up with the reply it waits for', async () => {
    const { runtime, model, told } = conversation([['hang'], ['Third.']]);
    runtime.take({ turn: 1, epoch: 0, said: 'One.' });
    runtime.take({ turn: 2, epoch: 0, said: 'Two.' });
    runtime.heard(1, '', true);
    runtime.take({ turn: 3, epoch: 0, said: 'Three.' });
    await told('reply-ended', 3);
    await settled();
    expect(model.requests).toHaveLength(2);
    expect(model.requests[1]?.history).toEqual([caller('One.'), caller('Two.'), caller('Three.')]);
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
