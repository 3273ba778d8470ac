import { expect, test } from 'vitest';
import { costMicros, pricesOf } from './cost.ts';

const prices = pricesOf(['gpt-a=2.5/0.25/10', 'team=blue=1/1/4']);

test.each([
  ['what was read, what was read before and what was written', { input: 1000, cached: 400, output: 100 }, 2600],
  ['parts of a millionth, rounded', { input: 1, cached: 1, output: 0 }, 0],
  ['no more read before than was read', { input: 10, cached: 50, output: 0 }, 3],
])('a request costs %s', (_, usage, micros) => {
  expect(costMicros(prices, 'gpt-a', usage)).toBe(micros);
});

test('a name may have the sign in it, and of a model that is not named nothing is known', () => {
  expect(costMicros(prices, 'team=blue', { input: 1, cached: 0, output: 1 })).toBe(5);
  expect(costMicros(prices, 'gpt-b', { input: 1, cached: 0, output: 1 })).toBeUndefined();
});
