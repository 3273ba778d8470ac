import { expect } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../agents/tool.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import type { Begin } from '../testing/rehearsals.ts';
import { rehearsals } from '../testing/rehearsals.ts';
import type { Rehearsal } from '../testing/rehearse.ts';
import type { Script } from '../testing/stage.ts';
import { greeted, parcel } from './openings.ts';

const { call, encore } = rehearsals('keys');
const { keypad } = defaultPhrases('en-US');

const quick = { withinMs: 12_000 };

/** Each key by the media socket, by the carrier's callback, or by both, one every `everyMs`. */
async function types(it: Rehearsal, keys: string, by: 'socket' | 'callback' | 'both', everyMs = 400) {
  for (const [i, key] of [...keys].entries()) {
    if (by !== 'callback') it.presses(key);
    if (by !== 'socket') it.clock.after(300, () => it.controlPlaneSays({ do: 'tone', tone: key, sequence: i + 1 }));
    await it.passes(everyMs);
  }
}

for (const by of ['socket', 'callback', 'both'] as const) {
  call(`1 2 3 # by ${by} is one message to the agent, once`, async begin => {
    const it = await greeted(begin, { model: ['Thank you for the number.', 'What else?'] });
    await types(it, '123#', by);
    await it.agentSays('Thank you for the number.');
    await it.passes(3000);
    expect(it.asked()).toEqual(['(keys pressed: 1 2 3 #)']);
    expect(it.journal('dtmf-pressed')).toHaveLength(4);
    expect(it.journal('digits-given')).toMatchObject([{ turn: 1, count: 4 }]);
    expect(JSON.stringify(it.events)).not.toMatch(/1 2 3|123/);
  });
}

for (const afterMs of [1000, 2000]) {
  call(`1 2 3 is a message ${afterMs} ms after the last key`, async begin => {
    const it = await greeted(begin, { agent: { turns: { digits: { afterMs } } }, model: ['Thank you.'] });
    await types(it, '123', 'socket', 200);
    const last = it.clock.now() - 200;
    await it.until('a question to the model', () => it.model.asked.length > 0, 5000);
    expect((it.model.asked[0]?.at ?? 0) - last).toBeGreaterThanOrEqual(afterMs);
    expect((it.model.asked[0]?.at ?? 0) - last).toBeLessThanOrEqual(afterMs + 40);
  });
}

call('a key cuts the agent short, and the number that follows is answered', async begin => {
  const it = await greeted(begin, { model: said => (/keys/.test(said) ? 'The number is noted.' : parcel) });
  it.says('Where is my parcel?');
  await it.agentSays('Your parcel arrives');
  it.presses('7');
  expect(it.line.stops).toHaveLength(1);
  await types(it, '42#', 'socket');
  await it.agentSays('The number is noted.');
  expect(it.journal('barge-in')).toMatchObject([{ by: 'dtmf' }]);
  expect(it.asked().at(-1)).toBe('(keys pressed: 7 4 2 #)');
});

call('words and keys of one turn get one answer', async begin => {
  const it = await greeted(begin, { model: ['Thank you.', 'Thank you again.'] });
  it.says('My number is');
  await it.finishes();
  await types(it, '815#', 'socket', 300);
  await it.agentSays('Thank you');
  await it.agentIsSilent();
  expect(it.asked().at(-1)).toMatch(/my number is.*\(keys pressed: 8 1 5 #\)/i);
  expect(it.journal('caller-spoke').map(({ text }) => text.toLowerCase())).not.toContain('8 1 5');
});

const pin = '9173';

/** Checks it at once: what a real comparison takes is no matter of the stage's clock. */
const checkPin = (check = async (digits: string) => digits === pin) =>
  defineTool({
    name: 'check-pin',
    description: 'Checks a PIN.',
    parameters: z.object({}),
    timeoutMs: 120_000,
    run: (_, { takeDigits }) => takeDigits?.({ secret: true, length: pin.length, check }),
  });

/** The page of an agent that checks a PIN, whose digits are in no other text of the call. */
const guarded = (more: Script = {}): Script => ({
  ownTools: [checkPin()],
  agent: { tools: ['check-pin'] },
  model: (said, { history }) => {
    const last = history.at(-1);
    if (last?.type === 'tool-output')
      return /true/.test(last.output) ? 'You have twelve euros.' : 'I may not tell you.';
    if (/forgot|later/i.test(said)) return 'Then call again later.';
    return ['One moment. ', { tool: 'check-pin' }];
  },
  ...more,
});

/** The caller has been asked for the PIN. */
async function asked(begin: Begin, more: Script = {}) {
  const it = await greeted(begin, guarded(more));
  it.says('What is my balance?');
  await it.agentSays('Please enter your PIN', quick);
  return it;
}

/** Nothing that leaves the call holds any of these digits in a row, however they are written. */
function keepsSecret(it: Rehearsal, ...digits: string[]) {
  const told = [...it.logged, ...it.events.map(event => JSON.stringify(event)), JSON.stringify(it.model.asked)];
  for (const secret of digits) {
    const written = new RegExp([...secret].join('\\W{0,3}'));
    // Times are digits too: only texts count.
    for (const line of told) {
      const texts =
        line.match(/"(?:text|heard|said|output|arguments|reason|code|msg|message|err)":"(?:[^"\\]|\\.)*"/g) ?? [];
      for (const text of texts) expect(text).not.toMatch(written);
      expect(line).not.toContain(`"${secret}"`);
    }
    expect(it.heard()).not.toMatch(written);
  }
}

for (const by of ['socket', 'callback', 'both'] as const) {
  call(`a PIN by ${by} opens the gate, and only that it was right is known`, async begin => {
    const it = await asked(begin);
    await types(it, `${pin}#`, by);
    await it.agentSays('You have twelve euros.', quick);
    await it.passes(12_000);
    await it.hangsUp();
    expect(it.journal('pin-checked')).toMatchObject([{ ok: true }]);
    expect(it.journal('tool-ran')).toMatchObject([{ name: 'check-pin', ok: true }]);
    expect(it.journal('digits-given')).toEqual([]);
    expect(it.journal('dtmf-pressed')).toHaveLength(5);
    expect(it.model.asked.at(-1)?.history.filter(item => item.type === 'tool-output')).toMatchObject([
      { output: '{"ok":true}' },
    ]);
    expect(it.model.asked).toHaveLength(2);
    keepsSecret(it, pin);
  });
}

call('the first key silences the words that ask for it', async begin => {
  const it = await asked(begin);
  it.presses('9');
  expect(it.line.stops).toHaveLength(1);
  await types(it, '173', 'socket');
  await it.agentSays('You have twelve euros.', quick);
  expect(it.heard()).not.toContain('your telephone.');
  expect(it.journal('barge-in')).toEqual([]);
});

call('after three wrong tries it is refused, and no try is known', async begin => {
  const it = await asked(begin);
  await types(it, '5550', 'socket');
  await it.agentSays(keypad.again, quick);
  await types(it, '5551', 'socket');
  await it.agentSays(keypad.again, quick);
  await types(it, '5552', 'socket');
  await it.agentSays('I may not tell you.', quick);
  expect(it.journal('pin-checked').map(({ ok }) => ok)).toEqual([false, false, false]);
  keepsSecret(it, '5550', '5551', '5552');
});

call('who presses nothing is asked again and again, and refused in the end', async begin => {
  const it = await asked(begin, { mostSilenceMs: 6000 });
  await it.agentSays(keypad.waiting[0] ?? '', quick);
  await it.agentSays(keypad.waiting[1] ?? '', quick);
  await it.agentSays('I may not tell you.', { withinMs: 35_000 });
  // What comes too late is still nobody's business.
  await types(it, pin, 'socket');
  await it.passes(5000);
  expect(it.journal('pin-checked')).toEqual([]);
  expect(it.model.asked).toHaveLength(2);
  keepsSecret(it, pin);
});

call('who says something instead is answered, and digits pressed after that are dropped', async begin => {
  const it = await asked(begin);
  it.presses('9');
  await it.passes(400);
  it.presses('1');
  await it.passes(400);
  it.says('Oh no, I forgot it.');
  await it.agentSays('Then call again later.', { withinMs: 15_000 });
  await types(it, '73', 'socket');
  await it.passes(4000);
  expect(it.journal('pin-checked')).toEqual([]);
  expect(it.model.asked).toHaveLength(2);
  keepsSecret(it, '91', '73');
});

call('a check that cannot be made refuses, and its error is told to nobody', async begin => {
  const away = async (digits: string) => {
    throw new Error(`nobody knows "${digits}"`);
  };
  const it = await asked(begin, { ownTools: [checkPin(away)] });
  await types(it, pin, 'both');
  await it.agentSays('I may not tell you.', quick);
  await it.hangsUp();
  expect(it.journal('pin-checked')).toMatchObject([{ ok: false }]);
  keepsSecret(it, pin);
});

encore();
