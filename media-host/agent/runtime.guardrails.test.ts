import { expect, test } from 'vitest';
import { talkToPerson } from '../../agents/built-in/talk-to-person.ts';
import { scenarioOf } from '../../agents/loader/scenario.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { scenarioDefinition } from '../../contracts/scenario.ts';
import { guardedSoFar } from './guards/guardrails.ts';
import type { Line } from './model/scripted-model.ts';
import type { RuntimeOptions } from './runtime.ts';
import { agentWith, caller, conversation, settled, agent as spoke } from './scripted-conversation.ts';

const { guard, farewell } = defaultPhrases('en-US');
const stocks = { name: 'stocks', words: ['buy stocks'], says: 'I may not advise on that. What else?' };
const asksForPerson = 'I want to speak to a person.';

/** A conversation under the scenario's rules; every request the model gets is counted. */
function guarded(guardrails: object, scripts: Line[][] = [['Fine.']], more: Partial<RuntimeOptions> = {}) {
  const agent = more.agent ?? agentWith([talkToPerson]);
  const { name } = agent.definition;
  const definition = scenarioDefinition.parse({ name: 's', description: 'x', start: name, agents: [name], guardrails });
  return conversation(scripts, { ...more, agent, scenario: scenarioOf(definition, new Map([[name, agent]])) });
}

test('a refused topic is answered with the customer’s words, no model is asked, and the next turn knows it', async () => {
  const it = guarded({ topics: [stocks] });
  it.runtime.take({ turn: 1, epoch: 0, said: 'Should I buy stocks?' });
  await it.told('reply-ended', 1);
  expect(it.spoken()).toEqual(['I may not advise on that.', 'What else?']);
  expect(it.of('sentence').every(({ fixed }) => fixed)).toBe(true);
  expect(it.of('guarded')).toEqual([
    { type: 'guarded', turn: 1, epoch: 0, rule: 'topic', name: 'stocks', next: 'say' },
  ]);
  expect(it.model.requests).toHaveLength(0);
  it.runtime.heard(1, stocks.says, false);
  it.runtime.take({ turn: 2, epoch: 1, said: 'Your hours?' });
  await it.told('reply-ended', 2);
  expect(it.model.requests[0]?.history).toEqual([
    caller('Should I buy stocks?'),
    spoke(stocks.says),
    caller('Your hours?'),
  ]);
});

test.each<[string, Line[]]>([
  ['fails', ['fail']],
  ['says nothing', ['hang']],
  ['ignores it', ['Nobody is here.']],
])('who asks for a person is heard even where the model %s', async (_, script) => {
  const it = guarded({}, [script, script]);
  it.runtime.take({ turn: 1, epoch: 0, said: asksForPerson });
  await it.told('person-wanted', 1);
  expect(it.spoken()).toEqual([guard.person]);
  expect(it.of('person-wanted').map(({ ask }) => ask)).toEqual([
    { reason: guard.reasons.person, summary: guard.inTheirWords.replace('{words}', asksForPerson) },
  ]);
  expect(it.of('reply-ended')).toEqual([]);
  it.runtime.personAsked(0);
  await it.told('reply-ended', 1);
  expect(it.model.requests).toHaveLength(0);
});

test('who is never given the person goes on with the agent', async () => {
  const it = guarded({});
  it.runtime.take({ turn: 1, epoch: 0, said: asksForPerson });
  await it.told('person-wanted', 1);
  it.clock.advance(30_000);
  await it.told('reply-ended', 1);
  expect(it.faults).toEqual([]);
  it.runtime.take({ turn: 2, epoch: 1, said: 'Never mind, your hours?' });
  await it.told('reply-ended', 2);
  expect(it.spoken().at(-1)).toBe('Fine.');
});

test('a caller who goes on speaking takes the wish back with the reply, and asks again with all the words', async () => {
  const it = guarded({});
  it.runtime.take({ turn: 1, epoch: 0, said: asksForPerson });
  await it.told('person-wanted', 1);
  it.bargeIn(1, '');
  it.runtime.take({ turn: 1, epoch: 1, said: `${asksForPerson} It is about my bill.` });
  await settled();
  it.runtime.personAsked(1);
  await settled();
  expect(it.of('person-wanted').map(({ epoch }) => epoch)).toEqual([0, 1]);
  expect(it.of('reply-ended').map(({ epoch }) => epoch)).toEqual([1]);
  expect(it.faults).toEqual([]);
});

test('the person is told what the caller said last, and no key that was pressed', async () => {
  const it = guarded({}, [['I see.'], ['I see.'], ['I see.']]);
  const said = ['Hello.', 'My bill is wrong.', 'It says 80 euros. (keys pressed: 4 7 1 1)', asksForPerson];
  for (const [turn, text] of said.entries()) {
    it.runtime.take({ turn, epoch: turn, said: text });
    await it.told(turn === 3 ? 'person-wanted' : 'reply-ended', turn);
    it.runtime.heard(turn, 'I see.', false);
  }
  const words = `My bill is wrong. It says 80 euros. ${asksForPerson}`;
  expect(it.of('person-wanted')[0]?.ask.summary).toBe(guard.inTheirWords.replace('{words}', words));
});

test('words that are not final wait for the final before a person is asked for', async () => {
  const it = guarded({});
  it.runtime.take({ turn: 1, epoch: 0, said: asksForPerson, final: false });
  await it.told('sentence', 1);
  await settled();
  expect(it.of('person-wanted')).toEqual([]);
  it.runtime.correct(1, asksForPerson);
  await it.told('person-wanted', 1);
});

test('an insult is warned of once, and the second ends the call', async () => {
  const it = guarded({ abuse: {} });
  it.runtime.take({ turn: 1, epoch: 0, said: 'You idiot!' });
  await it.told('reply-ended', 1);
  it.runtime.take({ turn: 2, epoch: 1, said: 'You idiot!' });
  await it.told('end-wanted', 2);
  expect(it.spoken().join(' ')).toBe(`${guard.abuseWarning} ${guard.abuseEnd}`);
  expect(it.of('end-wanted')).toMatchObject([{ reason: 'abuse' }]);
  it.runtime.endBegun(1);
  await it.told('reply-ended', 2);
});

test('a limit without people says so, takes its leave and ends the call', async () => {
  const it = guarded({ maxTurns: 1 }, undefined, { agent: agentWith() });
  it.runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
  await it.told('reply-ended', 1);
  it.runtime.take({ turn: 2, epoch: 1, said: 'And?' });
  await it.told('end-wanted', 2);
  expect(it.spoken().slice(1).join(' ')).toBe(`${guard.tooLong} ${farewell}`);
});

test('what models cost is counted, and ends in a person', async () => {
  const prices = new Map([['gpt-test', { input: 1000, cached: 1000, output: 1000 }]]);
  const it = guarded({ maxSpend: 0.02 }, undefined, { prices });
  it.runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
  await it.told('reply-ended', 1);
  it.runtime.take({ turn: 2, epoch: 1, said: 'And?' });
  await it.told('person-wanted', 2);
  expect(it.of('guarded')).toMatchObject([{ rule: 'max-spend', next: 'person' }]);
  expect(it.model.requests).toHaveLength(1);
});

test('nobody guesses at words that a rule answers, and what was guessed before them is never heard', async () => {
  const it = guarded({ topics: [stocks] }, [['Buy whatever you like.'], ['Fine.']]);
  it.runtime.guess({ turn: 1, said: 'should I buy stocks' });
  await settled();
  expect(it.model.requests).toHaveLength(0);
  it.runtime.guess({ turn: 1, said: 'should I buy' });
  await settled();
  it.runtime.take({ turn: 1, epoch: 0, said: 'Should I buy stocks?' });
  await it.told('reply-ended', 1);
  expect(it.spoken().join(' ')).toBe(stocks.says);
  expect(it.of('model-ran')).toMatchObject([{ epoch: -1, cancelled: true }]);
});

test('a rule that only the final words break stops the model’s answer and speaks in its place', async () => {
  const it = guarded({ emergency: {} }, [['One moment. ', 'hang']]);
  it.runtime.take({ turn: 1, epoch: 0, said: 'He is not', final: false });
  await it.told('sentence', 1);
  it.runtime.correct(1, 'He is not breathing.');
  await it.told('reply-ended', 1);
  expect(it.spoken().join(' ')).toBe(`One moment. ${guard.emergency}`);
  expect(it.of('sentence').at(-1)).toMatchObject({ mustBeHeard: true, fixed: true, epoch: 0 });
  expect(it.model.requests[0]?.signal.aborted).toBe(true);
  expect(it.of('reply-failed')).toEqual([]);
});

test('rules speak the language and the words of the agent', async () => {
  const german = agentWith([talkToPerson], { speech: { language: 'de-DE' } });
  const it = guarded({ emergency: {} }, undefined, { agent: german });
  it.runtime.take({ turn: 1, epoch: 0, said: 'Er atmet nicht!' });
  await it.told('reply-ended', 1);
  expect(it.spoken().join(' ')).toBe(defaultPhrases('de-DE').guard.emergency);
});

test('a host that takes the call over does not warn anew', async () => {
  const guards = guardedSoFar([{ type: 'guarded', turn: 1, rule: 'abuse', next: 'say', seq: 0, at: 0 }]);
  const it = guarded({ abuse: {} }, undefined, { guards });
  it.runtime.take({ turn: 2, epoch: 0, said: 'You idiot!' });
  await it.told('end-wanted', 2);
});
