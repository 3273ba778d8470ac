import { expect, test } from 'vitest';
import { gather, nothingGathered } from './plain-digits.ts';

const entered = (keys: readonly (string | undefined)[], rules: { length: number | undefined; tries: number }) => {
  let state = nothingGathered;
  return keys.map(next => {
    const { state: after, ...step } = gather(state, next, rules);
    state = after;
    return step;
  });
};

test('what is whole settles it, at once or after a try, and nothing comes after that', () => {
  const whole = { next: 'settle', digits: '4711' };
  expect(entered(['4711', '4711'], { length: 4, tries: 3 })).toEqual([whole, { next: 'nothing' }]);
  expect(entered(['471', '4*711'], { length: 4, tries: 3 })).toEqual([{ next: 'ask-again' }, whole]);
  expect(entered(['4711'], { length: undefined, tries: 3 })).toEqual([whole]);
});

test('patience ends after so many tries, or where nobody enters anything', () => {
  const again = { next: 'ask-again' };
  const without = { next: 'settle' };
  expect(entered(['1', '12', '123'], { length: 4, tries: 3 })).toEqual([again, again, without]);
  expect(entered(['1', undefined, '4711'], { length: 4, tries: 3 })).toEqual([again, without, { next: 'nothing' }]);
  expect(entered(['***'], { length: undefined, tries: 1 })).toEqual([without]);
});
