import { expect } from 'vitest';
import { talkToPerson } from '../../agents/built-in/talk-to-person.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { rehearsals } from '../testing/rehearsals.ts';
import type { Script } from '../testing/stage.ts';
import { greeted } from './openings.ts';

const { call, encore } = rehearsals('guardrails');
const { guard, farewell, seeking } = defaultPhrases('en-US');

const hours = 'We are open from nine to six.';
const stocks = { name: 'stocks', words: ['buy stocks'], says: 'I may not advise on stocks. Is there anything else?' };

/** A desk under rules, that may find a person. */
const under = (guardrails: Record<string, unknown>, more: Partial<Script> = {}): Script => ({
  ownTools: [talkToPerson],
  agent: { tools: ['talk-to-person'] },
  model: [hours],
  colleagues: { pages: {}, handoffs: [], guardrails },
  ...more,
});

call('a refused topic is answered at once, without a model, and the call goes on', async begin => {
  const it = await greeted(begin, under({ topics: [stocks] }));
  it.says('Should I buy stocks?');
  await it.agentSays(stocks.says);
  await it.agentIsSilent();
  expect(it.model.asked).toHaveLength(0);
  it.says('When are you open?');
  await it.agentSays(hours);
  expect(it.journal('guarded')).toMatchObject([{ turn: 1, rule: 'topic', name: 'stocks', next: 'say' }]);
  expect(it.journal('agent-spoke').find(({ turn }) => turn === 1)).toMatchObject({ heard: stocks.says });
  expect(it.count('turns-guarded')).toBe(1);
});

call('who asks for a person gets one sought though the model hangs', async begin => {
  const it = await greeted(begin, under({}, { model: [['HANG']] }));
  it.says('I want to speak to a person.');
  await it.agentSays(guard.person);
  await it.until('asking for a person', () => it.asks.length > 0, 5000);
  expect(it.asks.map(({ ask }) => ask.reason)).toEqual([guard.reasons.person]);
  expect(it.model.asked).toHaveLength(0);
  it.controlPlaneSays({ do: 'seek-person', stage: 'ringing', asking: 1, of: 1 });
  await it.agentSays(seeking.ringing);
  expect(it.journal('guarded')).toMatchObject([{ rule: 'person', next: 'person' }]);
});

call('nobody is there: the caller is told, and goes on with the agent', async begin => {
  const it = await greeted(begin, under({}));
  it.says('Can I talk to a human?');
  await it.until('asking for a person', () => it.asks.length > 0, 10_000);
  it.controlPlaneSays({ do: 'back-to-agent', reason: 'nobody' });
  await it.agentSays(seeking.nobody);
  await it.agentIsSilent();
  it.says('When are you open?');
  await it.agentSays(hours);
});

call('the words for a caller in danger are not talked away', async begin => {
  const it = await greeted(begin, under({ emergency: {} }));
  it.says('My husband is not breathing!');
  await it.agentSays('If somebody is in danger,');
  it.says('What shall I do, what shall I do?');
  await it.agentSays('dial the emergency number at once.');
  await it.agentSays(hours);
  expect(it.journal('barge-in')).toEqual([]);
  expect(it.journal('guarded')[0]).toMatchObject({ rule: 'emergency', next: 'say' });
});

call('who insults again after a warning is told goodbye, and hung up when it has been heard', async begin => {
  const it = await greeted(begin, under({ abuse: {} }));
  it.says('You idiot!');
  await it.agentSays(guard.abuseWarning);
  await it.agentIsSilent();
  it.says('You are a complete moron.');
  await it.agentSays(guard.abuseEnd);
  await it.recorded();
  expect(it.hungUpFor()).toBe('abuse');
  expect(it.journal('guarded').map(({ rule, next }) => [rule, next])).toEqual([
    ['abuse', 'say'],
    ['abuse', 'end'],
  ]);
  expect(it.model.asked).toHaveLength(0);
});

call('after the last turn a person takes over, and where nobody does the call ends', async begin => {
  const it = await greeted(begin, under({ maxTurns: 1 }));
  it.says('When are you open?');
  await it.agentSays(hours);
  await it.agentIsSilent();
  it.says('And on Sunday?');
  await it.agentSays(`${guard.tooLong} ${guard.person}`);
  await it.until('asking for a person', () => it.asks.length > 0, 10_000);
  it.controlPlaneSays({ do: 'back-to-agent', reason: 'nobody' });
  await it.agentSays(seeking.nobody);
  await it.agentIsSilent();
  it.says('And on Monday?');
  await it.agentSays(`${guard.tooLong} ${farewell}`);
  await it.recorded();
  expect(it.hungUpFor()).toBe('max-turns');
  expect(it.model.asked).toHaveLength(1);
});

call('a caller who was warned on a host that died is not warned anew', async begin => {
  const it = await greeted(begin, under({ abuse: {} }));
  it.says('You idiot!');
  await it.agentSays(guard.abuseWarning);
  await it.agentIsSilent();
  const past = await it.hostDies();
  const other = await begin(under({ abuse: {} }, { past }));
  await other.passes(2500);
  other.says('You are a complete moron.');
  await other.agentSays(guard.abuseEnd, { withinMs: 12_000 });
  await other.recorded();
  expect(other.hungUpFor()).toBe('abuse');
});

encore();
