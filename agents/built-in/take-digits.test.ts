import { expect, test } from 'vitest';
import type { DigitsAsk } from '../tool.ts';
import { takeDigits } from './take-digits.ts';

const surroundings = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => 0 };

/** A caller who enters these digits, or nothing. */
function entering(digits: string | undefined) {
  const asks: DigitsAsk[] = [];
  const take = async (ask: DigitsAsk) => {
    asks.push(ask);
    return digits === undefined ? { ok: false } : { ok: true, digits };
  };
  return { asks, context: { ...surroundings, takeDigits: take } };
}

test('the model gets the digits, and the record how many there were', async () => {
  const { asks, context } = entering('481516');
  const args = takeDigits.parse({ what: 'the order number', length: 6 });
  const result = takeDigits.parseResult(await takeDigits.run(args, context));
  expect(result).toEqual({ digits: '481516', what: 'the order number' });
  expect(asks).toEqual([{ secret: false, length: 6 }]);
  expect(takeDigits.summarise(result, args)).toBe('6 keys');
  expect(takeDigits.personal).toContain('digits');
});

test('a number of any length may be asked for, and who enters none is told so', async () => {
  const { asks, context } = entering(undefined);
  const args = takeDigits.parse({ what: 'the order number' });
  const result = takeDigits.parseResult(await takeDigits.run(args, context));
  expect(result).toMatchObject({ digits: null, status: expect.stringContaining('nothing') });
  expect(asks).toEqual([{ secret: false }]);
  expect(takeDigits.summarise(result, args)).toBe('nothing was entered');
});

test('without a caller it fails, and lengths that make no sense are refused', async () => {
  await expect(takeDigits.run(takeDigits.parse({ what: 'x' }), surroundings)).rejects.toThrow('no caller');
  for (const length of [0, 33, 2.5]) expect(() => takeDigits.parse({ what: 'x', length })).toThrow();
});
