import { expect, test } from 'vitest';
import { type Cast, castOf, established, factsSeen, learned, took, visitsOf } from './cast.ts';

const fact = (name: string, by: 'tool' | 'agent' = 'tool', value = `value of ${name}`) => ({
  ...{ name, value, by },
  personal: false,
});
const goesTo = (to: string, more: object = {}) => ({
  ...({ to, kind: 'announced', knowsAll: true, facts: 'all', personal: 'keep' } as const),
  ...more,
});
const seen = (cast: Cast) => factsSeen(cast).map(({ name, masked }) => (masked ? `${name} masked` : name));

test('only what tools have made sure of is established, and what the caller says does not take its place', () => {
  const cast = [fact('customer-id'), fact('customer-id', 'agent', '1'), fact('vip', 'agent')].reduce(
    learned,
    castOf('desk'),
  );
  expect(established(cast)).toEqual({ 'customer-id': 'value of customer-id' });
  expect(seen(cast)).toEqual(['customer-id', 'vip']);
});

test('an agent knows what it was given and what it has learned, here and when it comes back', () => {
  const desk = [fact('name'), fact('tier')].reduce(learned, castOf('desk'));
  const billing = learned(took(desk, goesTo('billing', { facts: ['tier'] })), fact('balance'));
  expect(seen(billing)).toEqual(['tier', 'balance']);
  expect(seen(took(billing, goesTo('desk', { facts: [] })))).toEqual(['name', 'tier']);
  expect(seen(took(billing, goesTo('support')))).toEqual(['tier', 'balance']);
  expect(visitsOf(took(billing, goesTo('desk')), 'desk')).toBe(2);
});

test('what was masked once is not seen in clear further on, but by who knew it', () => {
  const masked = took(learned(castOf('desk'), fact('card')), goesTo('billing', { personal: 'mask' }));
  expect(seen(masked)).toEqual(['card masked']);
  expect(seen(took(masked, goesTo('support')))).toEqual(['card masked']);
  expect(seen(took(masked, goesTo('desk')))).toEqual(['card']);
});

test('who has left does not learn what became of a fact since', () => {
  const desk = took(learned(castOf('desk'), fact('address')), goesTo('billing', { facts: [] }));
  const moved = learned(desk, fact('address', 'tool', 'elsewhere'));
  expect(seen(took(moved, goesTo('desk', { facts: [] })))).toEqual([]);
  expect(established(moved)).toEqual({ address: 'elsewhere' });
});
