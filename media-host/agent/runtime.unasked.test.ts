import { describe, expect, test } from 'vitest';
import { agent, caller, conversation, gate, settled } from './scripted-conversation.ts';

describe('a text the agent says of its own accord', () => {
  test('is told in sentences, and enters the history as far as it was heard', async () => {
    const { runtime, model, told, events } = conversation([['Yes.'], ['Of course.']]);
    runtime.take({ turn: 1, epoch: 1, said: 'Open?' });
    await told('reply-ended', 1);
    runtime.heard(1, 'Yes.', false);
    const before = events.length;
    runtime.say({ turn: 1, epoch: 2, text: 'Are you still there? I am here.' });
    expect(events.slice(before)).toMatchObject([
      { type: 'sentence', turn: 1, epoch: 2, index: 0, text: 'Are you still there?', mustBeHeard: false, fixed: true },
      { type: 'sentence', turn: 1, epoch: 2, index: 1, text: 'I am here.' },
      { type: 'reply-ended', turn: 1, epoch: 2, text: 'Are you still there? I am here.' },
    ]);
    runtime.heard(1, 'Are you still', true);
    runtime.take({ turn: 2, epoch: 3, said: 'Yes, I am.' });
    await told('reply-ended', 2);
    expect(model.requests[1]?.history).toEqual([
      caller('Open?'),
      agent('Yes.'),
      agent('Are you still'),
      caller('Yes, I am.'),
    ]);
  });

  test('takes the place of an older reply', async () => {
    const { runtime, model, told, spoken } = conversation([['One. ', 'hang']]);
    runtime.take({ turn: 1, epoch: 1, said: 'Count.' });
    await told('sentence', 1);
    runtime.say({ turn: 2, epoch: 2, text: 'Sorry.' });
    expect(model.requests[0]?.signal.aborted).toBe(true);
    expect(spoken()).toEqual(['One.', 'Sorry.']);
  });

  test('joins a reply of the same epoch, which ends when it ends', async () => {
    const pause = gate();
    const { runtime, told, spoken, of } = conversation([['One. ', { wait: pause.passed }, 'Two.']]);
    runtime.take({ turn: 1, epoch: 1, said: 'Count.' });
    await told('sentence', 1);
    runtime.say({ turn: 1, epoch: 1, text: 'One moment.' });
    expect(of('reply-ended')).toEqual([]);
    pause.open();
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['One.', 'One moment.', 'Two.']);
  });

  test('that is stale already is neither said nor remembered', async () => {
    const { runtime, model, shared, told, events } = conversation([['Yes.']]);
    shared.epoch = 3;
    runtime.say({ turn: 0, epoch: 2, text: 'Too late.' });
    expect(events).toEqual([]);
    runtime.take({ turn: 1, epoch: 3, said: 'Open?' });
    await told('reply-ended', 1);
    expect(model.requests[0]?.history).toEqual([caller('Open?')]);
  });
});

describe('a turn that was taken before its words were final', () => {
  test('is remembered as it was really said, without another answer', async () => {
    const { runtime, model, told } = conversation([['Yes.'], ['Bye.']]);
    runtime.take({ turn: 1, epoch: 1, said: 'are you open', final: false });
    await told('reply-ended', 1);
    runtime.correct(1, 'Are you open?');
    runtime.heard(1, 'Yes.', false);
    await settled();
    expect(model.requests).toHaveLength(1);
    runtime.take({ turn: 2, epoch: 2, said: 'Bye.' });
    await told('reply-ended', 2);
    expect(model.requests[1]?.history).toEqual([caller('Are you open?'), agent('Yes.'), caller('Bye.')]);
  });

  test('and was heard wrongly is asked again with the right words alone', async () => {
    const { runtime, model, told } = conversation([['hang'], ['Sure.']]);
    runtime.take({ turn: 1, epoch: 1, said: 'i want to play', final: false });
    await settled();
    runtime.take({ turn: 1, epoch: 2, said: 'I want to pay my bill.' });
    await told('reply-ended', 1);
    expect(model.requests[1]?.history).toEqual([caller('I want to pay my bill.')]);
  });
});
