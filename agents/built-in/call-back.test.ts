import { expect, test } from 'vitest';
import { callBack, noteFact } from './call-back.ts';

const now = Date.UTC(2026, 10, 20, 12);

async function asked(when: string) {
  const backs: { key: string; at: string; facts: unknown }[] = [];
  const office = {
    sendSummary: async () => undefined,
    callBack: async (key: string, at: number, facts: unknown) =>
      void backs.push({ key, at: new Date(at).toISOString(), facts }),
  };
  const args = callBack.parse({ when, note: 'the parcel' });
  const signal = new AbortController().signal;
  const context = { callId: '0'.repeat(32), signal, now: () => now, office, idempotencyKey: 'effect-1' };
  const result = callBack.parseResult(await callBack.run(args, context)) as { status: string; at?: string };
  return { backs, result, summary: callBack.summarise(result, args) };
}

test.each([
  ['PT2H', '2026-11-20T14:00:00.000Z'],
  ['P1DT30M', '2026-11-21T12:30:00.000Z'],
  ['P2W', '2026-12-04T12:00:00.000Z'],
  ['2026-11-20T15:00:00+01:00', '2026-11-20T14:00:00.000Z'],
  ['2026-11-20T14:00Z', '2026-11-20T14:00:00.000Z'],
])('%s is %s', async (when, at) => {
  const { backs, result, summary } = await asked(when);
  expect(backs).toEqual([{ key: 'effect-1', at, facts: { [noteFact]: 'the parcel' } }]);
  expect(result).toEqual({ status: 'the caller is rung back', at: at.replace(':00.000', '') });
  expect(summary).toBe(`rung back at ${result.at}`);
});

test.each([
  ['2026-11-20T11:59:00Z', /past/],
  ['PT0M', /past/],
  ['2026-12-20T12:01:00Z', /30 days/],
  ['P31D', /30 days/],
])('%s is refused, and the model is told what time it is', async (when, why) => {
  const { backs, result } = await asked(when);
  expect(backs).toEqual([]);
  expect(result).toEqual({ status: expect.stringMatching(why), now: '2026-11-20T12:00Z' });
});

test.each([
  'tomorrow',
  '2026-11-20 15:00',
  '2026-11-20T15:00:00',
  '2026-02-30T10:00:00Z',
  '2026-13-01T10:00Z',
  'P',
  'PT',
])('"%s" is no time', when => expect(() => callBack.parse({ when, note: 'x' })).toThrow('PT2H'));

test('a note is one plain line, and it runs nowhere but in the control plane', async () => {
  for (const note of ['', 'two\nlines', '{{ x }}', 'a'.repeat(201)]) {
    expect(() => callBack.parse({ when: 'PT2H', note })).toThrow();
  }
  const context = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => now };
  await expect(callBack.run({ when: 'PT2H', note: 'x' }, context)).rejects.toThrow('control plane');
});

test('of a caller who withholds the number the model is told that nobody can ring back', async () => {
  const office = { sendSummary: async () => undefined, callBack: async () => 'no-number' as const };
  const signal = new AbortController().signal;
  const context = { callId: '0'.repeat(32), signal, now: () => now, office, idempotencyKey: 'effect-1' };
  const result = callBack.parseResult(await callBack.run({ when: 'PT2H', note: 'x' }, context));
  expect(result).toEqual({ status: 'refused: the number of the caller is withheld', now: '2026-11-20T12:00Z' });
  expect(callBack.summarise(result, {})).toBe('refused: the number of the caller is withheld');
});
