import { afterEach, expect, test } from 'vitest';
import { dial } from './caller.ts';
import { type Conversation, converse } from './conversation.ts';
import { type ScriptedCall, type ScriptedLine, startScriptedLine } from './scripted-line.ts';

let line: ScriptedLine;
afterEach(() => line.close());

/** An agent that greets and then answers each utterance of the caller with the next reply. */
function agent(
  greeting: string,
  replies: ((call: ScriptedCall) => void)[],
  more: (call: ScriptedCall) => void = () => undefined,
) {
  return (call: ScriptedCall) => {
    call.tell({ event: 'ringing', correlationId: 'c' });
    call.answer();
    if (greeting) call.say(greeting);
    call.onMicIdle = () => replies.shift()?.(call);
    more(call);
  };
}

async function run(script: (call: ScriptedCall) => void, conversation: Conversation) {
  line = await startScriptedLine(script);
  return converse(await dial({ line: line.url }), conversation);
}

test('turns are said, heard and timed; a reply of several sentences is one reply', async () => {
  const result = await run(
    agent('Welcome.', [
      call => {
        call.pause(300);
        call.say('Let me look.');
        call.pause(700);
        call.say('It is on its way.');
      },
      call => call.say('Goodbye.'),
    ]),
    { steps: [{ say: 'Where is it?' }, { say: 'Thanks.' }] },
  );
  expect(result).toMatchObject({
    greeting: 'Welcome.',
    turns: [
      { said: 'Where is it?', heard: 'Let me look. It is on its way.' },
      { said: 'Thanks.', heard: 'Goodbye.' },
    ],
    bargeIns: [],
    endedBy: 'caller',
    stepsLeft: 0,
  });
  expect(result.turns[0]!.replyMs).toBeGreaterThanOrEqual(300);
  expect(result.turns[0]!.replyMs).toBeLessThan(450);
  expect(result.turns[1]!.replyMs).toBeLessThan(150);
  expect(result.turns[0]!.agentAudioMs).toBeGreaterThan(700);
  expect(result.firstAudioMs).toBeLessThan(100);
});

test('cutting in is timed from the onset, and the interrupted words are not the reply', async () => {
  const result = await run(
    agent(
      'Welcome to the longest greeting that anyone has ever had to listen to in full.',
      [call => call.say('Of course.')],
      call => {
        call.onMicStarted = () => setTimeout(() => call.stopAudio(), 30);
      },
    ),
    { steps: [{ say: 'Stop it please.', bargeInMs: 700 }] },
  );
  const [bargeIn] = result.bargeIns;
  expect(bargeIn).toMatchObject({ framesAfterStop: 3 });
  expect(bargeIn!.onsetToStopMs).toBeGreaterThan(0);
  expect(bargeIn!.leftoverMs).toBeGreaterThan(500);
  expect(bargeIn!.agentTextHeard).toMatch(/^Welcome to the/);
  expect(bargeIn!.agentTextHeard).not.toContain('full.');
  expect(result.greeting).toBe(bargeIn!.agentTextHeard);
  expect(result.turns).toMatchObject([{ said: 'Stop it please.', heard: 'Of course.' }]);
});

test('a cough that the agent ignores is a barge-in without a stop, and no turn', async () => {
  const result = await run(agent('Welcome to the house of many words.', []), {
    steps: [{ coughMs: 160, bargeInMs: 400 }],
  });
  expect(result.turns).toEqual([]);
  expect(result.bargeIns).toMatchObject([{ stopAtUs: undefined, onsetToStopMs: undefined, leftoverMs: undefined }]);
  expect(result.greeting).toBe('Welcome to the house of many words.');
});

test('whoever only listens takes no turn, and whoever spells or pauses does', async () => {
  const result = await run(
    agent('Welcome to the house of many words, and of some more.', [
      () => undefined,
      () => undefined,
      call => call.say('Thank you.'),
      call => call.say('Of course.'),
    ]),
    {
      steps: [
        { backchannel: 'Uh-huh.', bargeInMs: 300 },
        { coughMs: 160, coughKind: 'throat', hear: 'house of', bargeInMs: 0 },
        { spell: 'AB1', reply: true },
        { say: ['I', 300, 'um', 200, 'pay'] },
      ],
    },
  );
  expect(result.turns).toMatchObject([
    { said: 'A B 1', heard: 'Thank you.' },
    { said: 'I um pay', heard: 'Of course.' },
  ]);
  expect(result.bargeIns).toMatchObject([{ stopAtUs: undefined }, { stopAtUs: undefined }]);
  expect(result.greeting).toContain('and of some more.');
});

test('words can be waited for, and a caller can open', async () => {
  const result = await run(
    agent('', [
      call => call.say('Say your name now, please.'),
      call => {
        call.pause(200);
        call.say('Thank you.');
      },
    ]),
    {
      opening: 'caller',
      steps: [{ say: 'Hello.' }, { hear: 'your name', say: 'Zoë.', bargeInMs: 0, reply: true }],
    },
  );
  expect(result.turns.map(turn => turn.said)).toEqual(['Hello.', 'Zoë.']);
  expect(result.turns[1]!.heard).toContain('Thank you.');
});

test('keys and recordings are turns too', async () => {
  line = await startScriptedLine(
    agent('Press one.', [call => call.say('Fine.')], call => {
      call.onCommand = command => {
        if (command.do === 'dtmf') call.say('You pressed it.');
      };
    }),
  );
  const caller = await dial({ line: line.url });
  const wav = { pcm: new Int16Array(3200).fill(500), words: 'a recording' };
  const result = await converse(caller, { steps: [{ dtmf: '1' }, { wav }] });
  expect(result.turns).toMatchObject([
    { said: '1', heard: 'You pressed it.' },
    { said: 'a recording', heard: 'Fine.' },
  ]);
});

test('an agent that never answers is an error that says what was waited for, after hanging up', async () => {
  await expect(run(agent('Welcome.', []), { steps: [{ say: 'Anybody there?' }], patienceMs: 600 })).rejects.toThrow(
    'Waited 600 ms for a reply to "Anybody there?". Heard so far: "Welcome.".',
  );
  expect(line.calls[0]!.commands.at(-1)).toEqual({ do: 'hang-up' });
  await line.close();
  await expect(run(agent('', []), { steps: [{ say: 'x' }], patienceMs: 300 })).rejects.toThrow(
    'the agent to speak first',
  );
});

test('a call that ends in mid-step gives what there was', async () => {
  const result = await run(agent('Welcome.', [call => call.end('app')]), {
    steps: [{ say: 'Hello.' }, { say: 'Are you there?' }],
  });
  expect(result).toMatchObject({
    endedBy: 'app',
    stepsLeft: 1,
    turns: [{ said: 'Hello.', heard: '', replyMs: undefined }],
  });
});

test('the agent may be the one to hang up', async () => {
  const result = await run(
    agent('Welcome.', [
      call => {
        call.say('Goodbye.');
        setTimeout(() => call.end('app'), 400);
      },
    ]),
    { steps: [{ say: 'Bye.' }], ending: 'agent' },
  );
  expect(result).toMatchObject({ endedBy: 'app', stepsLeft: 0, turns: [{ said: 'Bye.', heard: 'Goodbye.' }] });
});
