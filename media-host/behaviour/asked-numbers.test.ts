import { expect } from 'vitest';
import { takeDigits } from '../../agents/built-in/take-digits.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { type Begin, rehearsals } from '../testing/rehearsals.ts';
import type { Rehearsal } from '../testing/rehearse.ts';
import type { Script } from '../testing/stage.ts';
import { greeted } from './openings.ts';

const { call, encore } = rehearsals('asked numbers');

const asksForIt = 'Please key in your order number, and then the hash key.';
const { keypad } = defaultPhrases('en-US');

/** An agent that takes an order number by keys, and reads it back. */
const takes = (ask: string, length?: number): Script => ({
  ownTools: [takeDigits],
  agent: { tools: ['take-digits'] },
  model: (said, { history }) => {
    const last = history.at(-1);
    if (last?.type !== 'tool-output') {
      if (!/order$|order\./.test(said)) return `I have understood ${said.replace(/\D/g, '').length} digits.`;
      const args = { what: 'order number', ...(length !== undefined && { length }) };
      return [...(ask === '' ? [] : [`${ask} `]), { tool: 'take-digits', args }];
    }
    const { digits } = JSON.parse(last.output) as { digits: string | null };
    return digits === null ? 'Then let us do it without.' : `I have found order ${[...digits].join(', ')}.`;
  },
});

async function asked(begin: Begin, script: Script) {
  const it = await greeted(begin, script);
  it.says('Where is my order.');
  return it;
}

async function types(it: Rehearsal, keys: string, everyMs = 300) {
  for (const key of keys) {
    it.presses(key);
    await it.passes(everyMs);
  }
}

call('digits by keys come to the model, and to no journal', async begin => {
  const it = await asked(begin, takes(asksForIt, 5));
  await it.agentSays(asksForIt);
  await it.passes(1000);
  await types(it, '48151#');
  await it.agentSays('I have found order 4, 8, 1, 5, 1.');
  await it.passes(4000);
  // The agent has asked in words of its own: the house's are not said after them.
  expect(it.heard()).not.toContain(keypad.askNumber);
  expect(it.journal('digits-given')).toMatchObject([{ turn: 1, count: 5 }]);
  expect(it.journal('tool-ran')).toMatchObject([{ name: 'take-digits', ok: true, summary: '5 keys' }]);
  const facts = it.events.filter(({ type }) => type !== 'agent-spoke' && type !== 'agent-speaking');
  expect(JSON.stringify([facts, it.logged])).not.toContain('48151');
  expect(it.model.asked).toHaveLength(2);
});

for (const [how, keys, waitMs] of [
  ['the hash key', '4815#', 0],
  ['a pause of two seconds', '4815', 2000],
] as const) {
  call(`a number of unknown length ends with ${how}`, async begin => {
    const it = await asked(begin, takes(''));
    await it.agentSays(keypad.askNumber, { withinMs: 12_000 });
    await types(it, keys, 200);
    const last = it.clock.now() - 200;
    await it.until('a question to the model', () => it.model.asked.length === 2, 5000);
    expect((it.model.asked[1]?.at ?? 0) - last).toBeGreaterThanOrEqual(waitMs);
    expect((it.model.asked[1]?.at ?? 0) - last).toBeLessThanOrEqual(waitMs + 240);
    await it.agentSays('I have found order 4, 8, 1, 5.');
  });
}

call('the first key silences the agent, which goes on waiting for the others', async begin => {
  const it = await asked(begin, takes(asksForIt, 4));
  await it.agentSays('Please key in');
  await types(it, '4815');
  await it.agentSays('I have found order 4, 8, 1, 5.');
  expect(it.heard()).not.toContain('hash key');
  expect(it.journal('barge-in')).toEqual([]);
});

call('a number that is not whole is asked for again, three times', async begin => {
  const it = await asked(begin, takes(asksForIt, 6));
  await it.agentSays(asksForIt);
  for (let tries = 1; tries < 3; tries++) {
    await types(it, '48#');
    await it.agentSays(keypad.againNumber);
    await it.passes(500);
  }
  await types(it, '48#');
  await it.agentSays('Then let us do it without.');
  expect(it.journal('digits-given')).toHaveLength(3);
});

call('who presses nothing is reminded, and in the end the agent goes on without', async begin => {
  const it = await asked(begin, takes(asksForIt));
  await it.agentSays(asksForIt);
  await it.agentSays(keypad.waiting[0] ?? '');
  await it.agentSays(keypad.waiting[1] ?? '');
  await it.agentSays('Then let us do it without.', { withinMs: 25_000 });
});

call('who says the number is heard, with the pauses that people make in numbers', async begin => {
  const it = await asked(begin, takes(asksForIt, 6));
  await it.agentSays(asksForIt);
  await it.passes(600);
  it.says('four eight one {900} five one six');
  await it.until('a question to the model', () => it.model.asked.length === 2, 12_000);
  expect(it.asked()[1]?.replace(/\W+/g, ' ').trim()).toBe('four eight one five one six');
  await it.agentSays('I have understood');
  await it.agentIsSilent();
  // Keys that come after all are keys that somebody pressed.
  await types(it, '7#');
  await it.until('a question to the model', () => it.asked().at(-1) === '(keys pressed: 7 #)', 5000);
  expect(it.journal('tool-ran')).toEqual([]);
});

call('who begins with keys and goes on in words loses neither', async begin => {
  const it = await asked(begin, takes(asksForIt, 6));
  await it.agentSays(asksForIt);
  await types(it, '48', 400);
  it.says('Oh, the rest is one five one six.', { written: 'Oh, the rest is 1516.' });
  await it.until('a question with the keys', () => it.asked().some(said => said.includes('keys pressed: 4 8')), 15_000);
  expect(it.asked().at(-1)).toContain('1516');
});

encore();
