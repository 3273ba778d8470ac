import { expect, test } from 'vitest';
import { hashPin } from '../hashed-pin.ts';
import type { DigitsAsk } from '../tool.ts';
import { checkPin } from './check-pin.ts';

const surroundings = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => 0 };

/** A caller who presses these keys, and is asked for them. */
function pressing(keys: string) {
  const asks: DigitsAsk[] = [];
  const takeDigits = async (ask: DigitsAsk) => {
    asks.push(ask);
    return { ok: ask.secret && (await ask.check(keys)) };
  };
  return { asks, takeDigits };
}

test('the PIN of the agent’s page opens, another does not, and neither is in the result', async () => {
  const settings = { 'pin-hash': await hashPin('4711', 16) };
  for (const [keys, ok] of [
    ['4711', true],
    ['4712', false],
  ] as const) {
    const { asks, takeDigits } = pressing(keys);
    expect(await checkPin.run({}, { ...surroundings, settings, takeDigits })).toEqual({ ok });
    expect(asks).toMatchObject([{ secret: true, length: 4 }]);
  }
});

test.each<[string, Record<string, string> | undefined]>([
  ['no settings', undefined],
  ['no hash', {}],
  ['a hash that is none', { 'pin-hash': '4711' }],
])('an agent with %s refuses every PIN', async (_, settings) => {
  const { takeDigits } = pressing('4711');
  expect(await checkPin.run({}, { ...surroundings, ...(settings && { settings }), takeDigits })).toEqual({ ok: false });
});

test('nobody is asked where the length makes no sense, or there is no caller', async () => {
  const { asks, takeDigits } = pressing('4711');
  for (const length of ['four', '0', '2.5'])
    expect(await checkPin.run({}, { ...surroundings, settings: { 'pin-length': length }, takeDigits })).toEqual({
      ok: false,
    });
  expect(asks).toEqual([]);
  expect(await checkPin.run({}, surroundings)).toEqual({ ok: false });
});
