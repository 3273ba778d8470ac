import { describe, expect, test } from 'vitest';
import { type CallerMemory, callerMemory, merged, mostCalls, mostFacts, noMemory } from './caller-memory.ts';

/** The same numbers for the same seed, between 0 and `below`. */
function chanceOf(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x9e37_79b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
    const spread = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return Math.floor((((spread ^ (spread >>> 16)) >>> 0) / 2 ** 32) * below);
  };
}

const names = ['name', 'branch', 'constructor', 'toString', ...Array.from({ length: 44 }, (_, i) => `fact-${i}`)];

/** Contributions that often meet: few names, few moments, few calls, told more than once with more or less known. */
function contributions(chance: (below: number) => number): CallerMemory[] {
  return Array.from({ length: 1 + chance(30) }, () => {
    const callId = `call-${chance(40)}`;
    const facts = Array.from({ length: chance(8) }, () => {
      const fact = { value: `v${chance(3)}`, at: 1 + chance(40), callId };
      return [names[chance(names.length)] ?? '', fact] as const;
    });
    const summary = ['', 'Spoke.', 'Spoke with billing.'][chance(3)];
    const calls = [{ callId, at: 1 + chance(3) * 20, agent: `a${chance(2)}`, ...(summary && { summary }) }];
    return {
      facts: Object.fromEntries(facts),
      calls: calls.slice(chance(4) === 0 ? 1 : 0),
      ...(chance(60) === 0 && { forgottenAt: chance(40) }),
    };
  });
}

function shuffled<T>(all: readonly T[], chance: (below: number) => number): T[] {
  return all
    .map(one => ({ one, at: chance(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

const folded = (all: readonly CallerMemory[]) => JSON.stringify(all.reduce(merged, noMemory));

describe('what calls leave', () => {
  test('makes the same document in any order, any grouping and any number of times', () => {
    const facts: number[] = [];
    const calls: number[] = [];
    for (let seed = 1; seed <= 250; seed += 1) {
      const chance = chanceOf(seed);
      const all = contributions(chance);
      const expected = folded(all);
      const again = shuffled([...all, ...all.filter(() => chance(2) === 0)], chance);
      expect(folded(again), `seed ${seed}, shuffled`).toBe(expected);
      const cut = chance(again.length + 1);
      const halves = [again.slice(0, cut), again.slice(cut)].map(half => half.reduce(merged, noMemory));
      expect(folded(halves), `seed ${seed}, in two groups`).toBe(expected);
      const whole = all.reduce(merged, noMemory);
      expect(JSON.stringify(merged(whole, whole)), `seed ${seed}, with itself`).toBe(expected);
      expect(JSON.stringify(callerMemory.parse(JSON.parse(expected))), `seed ${seed}, read back`).toBe(expected);
      facts.push(Object.keys(whole.facts).length);
      calls.push(whole.calls.length);
    }
    expect([Math.max(...facts), Math.max(...calls)]).toEqual([mostFacts, mostCalls]);
  });

  const fact = (value: string, at: number) => ({ value, at, callId: 'c' });

  test('of one fact the latest is kept, also under a name that objects have already', () => {
    const early = { facts: { constructor: fact('early', 1) }, calls: [] };
    const late = { facts: { constructor: fact('late', 2) }, calls: [] };
    expect(merged(late, early).facts['constructor']).toEqual(fact('late', 2));
    expect(merged(early, late).facts['constructor']).toEqual(fact('late', 2));
  });

  test('of two accounts of a call the longer one is kept', () => {
    const call = { callId: 'c', at: 1, agent: 'a' };
    const short = { facts: {}, calls: [call] };
    const long = { facts: {}, calls: [{ ...call, summary: 'Spoke with a.' }] };
    expect(merged(long, short)).toEqual(long);
    expect(merged(short, long)).toEqual(long);
  });

  test('what was forgotten does not come back, and what is said later is kept', () => {
    const before = { facts: { name: fact('Ana', 5) }, calls: [{ callId: 'c', at: 4, agent: 'a' }] };
    const forgotten = merged(before, { ...noMemory, forgottenAt: 5 });
    expect(forgotten).toEqual({ ...noMemory, forgottenAt: 5 });
    expect(merged(forgotten, before)).toEqual(forgotten);
    const after = { facts: { name: fact('Bo', 6) }, calls: [] };
    expect(merged(forgotten, after)).toEqual({ ...after, forgottenAt: 5 });
  });
});
