import { describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createKeypad } from './keypad.ts';

function keypad({ afterMs = 2000, endKey = '#' } = {}) {
  const clock = virtualClock();
  const answers: string[] = [];
  const told: string[] = [];
  let speaking = false;
  const pad = createKeypad({
    rules: () => ({ afterMs, endKey }),
    clock,
    speaks: () => speaking,
    key: how => told.push(how ?? 'nothing'),
    answered: keys => answers.push(keys.join(' ')),
  });
  const types = (keys: string, everyMs = 300) => {
    for (const key of keys) {
      pad.pressed(key, 'socket');
      clock.advance(everyMs);
    }
  };
  const speaks = (on: boolean) => {
    speaking = on;
  };
  return { pad, clock, answers, told, types, speaks };
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
    expect([answers, new Set(told)]).toEqual([[], new Set(['wanted'])]);
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

describe('a number that a tool wants', () => {
  /** A tool that wants a number, again and again. */
  function wanting(length?: number) {
    const it = keypad();
    const given: unknown[] = [];
    const want = () => it.pad.wantNumber(length, keys => given.push(keys));
    want();
    return { ...it, given, want };
  }

  test('is given when # ends it, when it is whole, when no key follows, and nothing where none come', () => {
    for (const [length, keys, waitMs, number] of [
      [undefined, '4711#', 0, '4711'],
      [4, '4711', 0, '4711'],
      [undefined, '4711', 2000, '4711'],
      [6, '4711#', 0, '4711'],
      [undefined, '', 20_000, undefined],
    ] as const) {
      const { types, clock, given, answers, told } = wanting(length);
      types(keys, 100);
      clock.advance(waitMs);
      expect(given).toEqual([number]);
      expect([answers, told.filter(how => how !== 'wanted')]).toEqual([[], []]);
    }
  });

  test('the # behind it is dropped, and is no number where another is wanted', () => {
    const { types, given, answers, want } = wanting(4);
    types('4711#', 100);
    expect([given, answers]).toEqual([['4711'], []]);
    want();
    types('#12#', 100);
    expect([given, answers]).toEqual([['4711', '12'], []]);
  });

  test('its keys are the caller’s answer where it is no longer wanted', () => {
    const { pad, types, clock, given, answers } = wanting(4);
    types('47', 100);
    pad.wantNone();
    types('1', 100);
    clock.advance(2000);
    expect([given, answers]).toEqual([[], ['4 7 1']]);
    expect(clock.waiting()).toBe(0);
  });

  test('keys that came before it was wanted are the caller’s answer with those that follow', () => {
    const { pad, types, clock, answers } = keypad();
    const given: unknown[] = [];
    types('47', 100);
    pad.wantNumber(4, keys => given.push(keys));
    types('11', 100);
    clock.advance(2000);
    expect([given, answers]).toEqual([[], ['4 7 1 1']]);
  });

  test('a caller who goes on in words has not finished it', () => {
    const { types, clock, given, speaks } = wanting(4);
    types('47', 100);
    speaks(true);
    clock.advance(5000);
    expect(given).toEqual([]);
    speaks(false);
    clock.advance(200);
    expect(given).toEqual(['47']);
  });

  test('each key counts once, whichever path tells of it, in the order of the callbacks', () => {
    const { pad, clock, given } = wanting(4);
    for (const [key, sequence] of [
      ['4', 1],
      ['1', 3],
      ['7', 2],
      ['1', 4],
    ] as const) {
      pad.pressed(key, 'callback', sequence);
      clock.advance(100);
    }
    for (const key of '4711') pad.pressed(key, 'socket');
    expect(given).toEqual(['4711']);
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
