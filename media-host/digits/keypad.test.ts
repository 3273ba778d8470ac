import { describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createKeypad } from './keypad.ts';

function keypad({ afterMs = 2000, endKey = '#' } = {}) {
  const clock = virtualClock();
  const answers: string[] = [];
  const told: string[] = [];
  const pad = createKeypad({
    afterMs,
    endKey,
    clock,
    key: how => told.push(how ?? 'nothing'),
    answered: keys => answers.push(keys.join(' ')),
  });
  const types = (keys: string, everyMs = 300) => {
    for (const key of keys) {
      pad.pressed(key, 'socket');
      clock.advance(everyMs);
    }
  };
  return { pad, clock, answers, told, types };
}

describe('an answer by keys', () => {
  test('ends with the end key, at once', () => {
    const { types, answers, clock } = keypad();
    types('123#', 0);
    expect(answers).toEqual(['1 2 3 #']);
    expect(clock.waiting()).toBe(0);
  });

  test('ends when no key has followed for a while', () => {
    const { types, answers, clock } = keypad({ afterMs: 1200 });
    types('123', 1100);
    expect(answers).toEqual([]);
    clock.advance(100);
    expect(answers).toEqual(['1 2 3']);
  });

  test('where no key ends it, # is a key like others', () => {
    const { types, answers, clock } = keypad({ endKey: 'none' });
    types('1#2');
    clock.advance(2000);
    expect(answers).toEqual(['1 # 2']);
  });

  test('is in the order of the callbacks’ numbers, and an end that overtook a key waits for it', () => {
    const { pad, answers, clock } = keypad();
    for (const [tone, sequence] of [
      ['1', 1],
      ['3', 3],
      ['#', 4],
      ['2', 2],
    ] as const) {
      expect(answers).toEqual([]);
      pad.pressed(tone, 'callback', sequence);
      clock.advance(100);
    }
    expect(answers).toEqual(['1 2 3 #']);
  });

  test('is one of at most 32 keys', () => {
    const { types, answers } = keypad();
    types('1'.repeat(33), 10);
    expect(answers).toHaveLength(1);
  });

  test('what is no key says nothing but that something was pressed', () => {
    const { pad, answers, told, clock } = keypad();
    pad.pressed('flash', 'socket');
    clock.advance(5000);
    expect([answers, told]).toEqual([[], ['nothing']]);
  });
});

describe('a secret', () => {
  test('goes to who wants it, and to nobody else', () => {
    const { pad, types, answers, told, clock } = keypad();
    const given: unknown[] = [];
    pad.wantSecret(4, keys => given.push(keys));
    types('4711');
    clock.advance(10_000);
    expect(given).toEqual(['4711']);
    expect([answers, new Set(told)]).toEqual([[], new Set(['secret'])]);
  });

  test('is given when # ends it or keys stop, however short, and nothing where none come', () => {
    for (const [keys, waitMs, secret] of [
      ['47#', 0, '47'],
      ['47', 5000, '47'],
      ['', 20_000, undefined],
    ] as const) {
      const { pad, types, clock } = keypad();
      const given: unknown[] = [];
      pad.wantSecret(4, got => given.push(got));
      types(keys);
      clock.advance(waitMs);
      expect(given).toEqual([secret]);
    }
  });

  test('keys of it that come late, or twice, are dropped, and a later answer is one', () => {
    for (const [how, keys, quietMs] of [
      ['given', '4711', 1600],
      ['given up', '47', 10_100],
    ] as const) {
      const { pad, types, answers, clock } = keypad();
      pad.wantSecret(4, () => undefined);
      types(keys);
      pad.wantNone();
      types('11#');
      pad.pressed('4', 'callback', 1);
      clock.advance(quietMs);
      expect(answers, how).toEqual([]);
      types('5#');
      expect(answers, how).toEqual(['5 #']);
    }
  });

  test('what was begun as an answer is no answer any more', () => {
    const { pad, types, answers, clock } = keypad();
    types('47');
    pad.wantSecret(4, () => undefined);
    clock.advance(60_000);
    expect(answers).toEqual([]);
  });
});

test('a keypad that has ended waits for nothing', () => {
  const { pad, types, clock, answers } = keypad();
  types('1');
  pad.end();
  expect(clock.waiting()).toBe(0);
  pad.wantSecret(4, () => undefined);
  pad.end();
  clock.advance(60_000);
  expect(answers).toEqual([]);
});
