import { expect, test } from 'vitest';
import { type PinEvent, type PinIntent, passGate, shutGate } from './pin-gate.ts';

const rules = { length: 4, tries: 3 };
const given = (keys: string | undefined): PinEvent => ({ type: 'given', keys });
const compared = (verdict: 'right' | 'wrong' | 'away'): PinEvent => ({ type: 'compared', verdict });

/** What the gate wants done, event by event. */
function passing(...events: PinEvent[]): PinIntent[] {
  let gate = shutGate;
  return events.flatMap(event => {
    const step = passGate(gate, event, rules);
    gate = step.gate;
    return [...step.intents];
  });
}

const compare = (keys: string): PinIntent => ({ do: 'compare', keys });
const again: PinIntent = { do: 'ask-again' };
const opens: PinIntent = { do: 'settle', ok: true };
const refuses: PinIntent = { do: 'settle', ok: false };

test.each<[string, PinEvent[], PinIntent[]]>([
  ['opens for the right keys', [given('4711'), compared('right')], [compare('4711'), opens]],
  [
    'lets a caller try again, twice',
    [given('1111'), compared('wrong'), given('2222'), compared('wrong'), given('4711'), compared('right')],
    [compare('1111'), again, compare('2222'), again, compare('4711'), opens],
  ],
  [
    'refuses after the third wrong try',
    [given('1111'), compared('wrong'), given('2222'), compared('wrong'), given('3333'), compared('wrong')],
    [compare('1111'), again, compare('2222'), again, compare('3333'), refuses],
  ],
  [
    'compares nothing that is too short or too long, and counts it',
    [given('47'), given(''), given('47111')],
    [again, again, refuses],
  ],
  ['refuses where no keys come', [given(undefined)], [refuses]],
  ['refuses where nobody can compare', [given('4711'), compared('away')], [compare('4711'), refuses]],
  ['refuses what the caller gave up', [{ type: 'given-up' }], [refuses]],
  [
    'refuses what was given up while it was compared',
    [given('4711'), { type: 'given-up' }, compared('right')],
    [compare('4711'), refuses],
  ],
  ['opens for no verdict that nobody asked for', [compared('right')], [refuses]],
  [
    'settles once',
    [given('4711'), compared('right'), compared('wrong'), given('1'), { type: 'given-up' }],
    [compare('4711'), opens],
  ],
  ['compares one answer at a time', [given('1111'), given('4711'), compared('wrong')], [compare('1111'), again]],
])('the gate %s', (_, events, intents) => {
  expect(passing(...events)).toEqual(intents);
});
