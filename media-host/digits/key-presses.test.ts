import { describe, expect, test } from 'vitest';
import { type KeyTold, keyOf, noPresses, press } from './key-presses.ts';

const keysOf = (told: readonly KeyTold[]): string => {
  let presses = noPresses;
  let keys = '';
  for (const one of told) {
    const step = press(presses, one);
    presses = step.presses;
    if (step.isNew) keys += one.key;
  }
  return keys;
};

const socket = (key: string, at: number): KeyTold => ({ key, from: 'socket', at });
const callback = (key: string, at: number, sequence: number): KeyTold => ({ key, from: 'callback', at, sequence });

describe('keys told by two paths', () => {
  test.each<[string, KeyTold[], string]>([
    ['the socket first', [socket('1', 0), callback('1', 300, 1), socket('2', 400), callback('2', 800, 2)], '12'],
    ['the callback first', [callback('1', 0, 1), socket('1', 40), callback('2', 400, 2), socket('2', 460)], '12'],
    ['one key twice', [socket('1', 0), socket('1', 200), callback('1', 500, 1), callback('1', 700, 2)], '11'],
    [
      'callbacks late, and all at once',
      [socket('1', 0), socket('2', 300), callback('1', 9000, 1), callback('2', 9001, 2)],
      '12',
    ],
    ['a callback repeated', [callback('1', 0, 1), callback('1', 100, 1), socket('1', 200)], '1'],
    ['the socket alone', [socket('1', 0), socket('1', 200), socket('2', 400)], '112'],
    ['callbacks alone', [callback('5', 0, 7), callback('5', 200, 8)], '55'],
    ['callbacks out of order', [callback('2', 0, 2), socket('1', 10), socket('2', 20), callback('1', 30, 1)], '21'],
  ])('count once each: %s', (_, told, keys) => {
    expect(keysOf(told)).toBe(keys);
  });

  test('however two paths interleave, each press counts once', () => {
    let random = 7;
    const chance = () => {
      random = (random * 1103515245 + 12345) % 2147483648;
      return random / 2147483648;
    };
    for (let run = 0; run < 500; run++) {
      const pressed = Array.from({ length: 8 }, (_, i) => ({ key: String(Math.floor(chance() * 3)), at: i * 250 }));
      const told = pressed
        .flatMap(({ key, at }, i) => [socket(key, at + chance() * 100), callback(key, at + 50 + chance() * 1500, i)])
        .sort((a, b) => a.at - b.at);
      expect([...keysOf(told)].sort()).toEqual(pressed.map(({ key }) => key).sort());
    }
  });
});

test.each([
  ['3', '3'],
  ['three', '3'],
  ['pound', '#'],
  ['asterisk', '*'],
  ['a', 'A'],
  ['', undefined],
  ['12', undefined],
  ['flash', undefined],
])('the tone "%s" is the key %s', (tone, key) => {
  expect(keyOf(tone)).toBe(key);
});
