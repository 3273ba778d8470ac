import { describe, expect, test } from 'vitest';
import { agentsOf } from '../../agents/loader/load.ts';
import type { PromptContext } from '../../agents/loader/prompt.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { emptyHistory, heard, said } from '../agent/history.ts';
import { type Line, scriptedModel } from '../agent/model/scripted-model.ts';
import { agentWith, caller, settled } from '../agent/scripted-conversation.ts';
import { virtualClock } from '../clock.ts';
import { createEpochs, setEpoch } from './lane.ts';
import { turnLane } from './turn-lane.ts';
import type { AgentCard, FromTurn } from './turn-messages.ts';

function lane(scripts: Line[][], more: object = {}) {
  const posted: FromTurn[] = [];
  const epochs = createEpochs(2);
  const model = scriptedModel(...scripts);
  const agents = agentsOf([agentWith([], more)], [], 'agents');
  const parts = { agents, model, defaultModel: 'gpt-test', clock: virtualClock() };
  const { receive, close } = turnLane(message => posted.push(message), epochs, parts);
  receive({ type: 'open', call: 7, cell: 1, callId: '0'.repeat(32), agent: 'reception', direction: 'in' });
  const spoken = () => posted.flatMap(message => (message.type === 'sentence' ? [message.text] : []));
  const [ready] = posted;
  const card = (): AgentCard | undefined => (ready?.type === 'ready' ? ready.agents[0] : undefined);
  return { receive, close, posted, epochs, model, spoken, card };
}

describe('the card of an agent', () => {
  test('says what a call must know of it, in its language where the file says nothing', () => {
    const { card } = lane([], { speech: { language: 'de-DE' }, hold: { words: ['Augenblick.'] } });
    const german = defaultPhrases('de-DE');
    expect(card()).toEqual({
      name: 'reception',
      version: 'abc',
      voice: 'en-US-JennyNeural',
      rate: undefined,
      language: 'de-DE',
      phrases: [],
      turns: {
        policy: 'graded',
        expects: 'anything',
        stopWords: [],
        backchannels: [],
        maxSilences: 3,
        digits: { afterMs: 2000, endKey: '#' },
      },
      silence: { afterMs: 3500, reprompts: german.reprompts, unheard: german.unheard, goodbye: german.goodbye },
      hold: { afterMs: 2500, words: ['Augenblick.'] },
      speculation: { tries: 0, maxSpeechMs: 10_000 },
      apology: german.apology,
      refusal: german.refusal,
      tools: [],
      seeking: german.seeking,
      keypad: german.keypad,
      resumed: german.resumed,
      farewell: german.farewell,
      greeting: ['Hello, this is Switchboard.', 'How can I help?'],
    });
    expect(structuredClone(card())).toEqual(card());
  });

  test('has the greeting in the sentences in which it is said', () => {
    const greeting =
      'Welcome to Switchboard, the number one in town. This call is recorded. Dr. Lee is in, how can I help?';
    const { card, receive, spoken } = lane([], { greeting });
    receive({ type: 'greet', call: 7, epoch: 1 });
    expect(spoken()).toEqual(card()?.greeting);
    expect(spoken().length).toBeGreaterThan(2);
  });
});

test('a guess is taken up by the turn, corrected for the history, and no re-prompt is forgotten', async () => {
  const { receive, close, posted, model, spoken } = lane([['We are open.'], ['Bye.']]);
  receive({ type: 'guess', call: 7, turn: 1, said: 'are you open' });
  await settled();
  expect(spoken()).toEqual([]);
  receive({ type: 'take', call: 7, turn: 1, epoch: 1, said: 'are you open', final: false });
  await settled();
  expect(spoken()).toEqual(['We are open.']);
  receive({ type: 'correct', call: 7, turn: 1, said: 'Are you open?' });
  receive({ type: 'heard', call: 7, turn: 1, text: 'We are open.', interrupted: false });
  receive({ type: 'say', call: 7, turn: 1, epoch: 2, text: 'Still there?' });
  receive({ type: 'heard', call: 7, turn: 1, text: 'Still there?', interrupted: false });
  receive({ type: 'take', call: 7, turn: 2, epoch: 3, said: 'Bye.' });
  await settled();
  const agent = (text: string) => ({ type: 'agent', text });
  expect(model.requests[1]?.history).toEqual([
    caller('Are you open?'),
    agent('We are open.'),
    agent('Still there?'),
    caller('Bye.'),
  ]);
  expect(posted.every(message => !('call' in message) || message.call === 7)).toBe(true);
  await close();
});

test('a guess is dropped by its message and by a hush', async () => {
  const { receive, close, model, epochs } = lane([['hang'], ['hang']]);
  receive({ type: 'guess', call: 7, turn: 1, said: 'one' });
  receive({ type: 'drop-guess', call: 7 });
  receive({ type: 'guess', call: 7, turn: 1, said: 'two' });
  setEpoch(epochs, 1, 1);
  receive({ type: 'hush', call: 7, epoch: 1 });
  expect(model.requests.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  await close();
});

test('what was said on another host, and what is known of the caller, goes to the model', async () => {
  const model = scriptedModel(['Yes.']);
  const definition = agentWith([]).definition;
  const instructions = ({ facts }: PromptContext) => `tier ${facts['tier']}, name ${facts['name']}`;
  const agents = agentsOf([{ ...agentWith([]), definition, instructions }], [], 'agents');
  const parts = { agents, model, defaultModel: 'gpt-test', clock: virtualClock() };
  const { receive, close } = turnLane(() => undefined, createEpochs(2), parts);
  const history = heard(said(emptyHistory, 1, 'Hello.'), 1, 'Hi.');
  const about = {
    callId: '0'.repeat(32),
    agent: 'reception',
    direction: 'in',
    history,
    facts: { tier: 'gold' },
  } as const;
  receive({ type: 'open', call: 7, cell: 1, ...about });
  receive({ type: 'remember', call: 7, facts: { name: 'Ada' } });
  receive({ type: 'take', call: 7, turn: 2, epoch: 1, said: 'Do you know me?' });
  await settled();
  expect(model.requests[0]).toMatchObject({ instructions: 'tier gold, name Ada' });
  expect(model.requests[0]?.history.map(item => item.type)).toEqual(['caller', 'agent', 'caller']);
  await close();
});
