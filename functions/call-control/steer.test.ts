import { expect, test } from 'vitest';
import { livedThrough } from './testing/random-carrier.ts';
import { testRules } from './testing/steered.ts';

/** A stream of numbers below 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}

const calls = 5_000;
const rules = { ...testRules, maxCallMs: 1_200_000 };

test.each([
  ['reports late, twice and in any order', false],
  ['is ill besides, and loses reports and requests', true],
])(`with a carrier that %s, ${calls} calls end whole`, (_, isIll) => {
  const stages = new Map<string, number>();
  for (let seed = 1; seed <= calls; seed += 1) {
    const { state, mostPersons, endedAt, steps } = livedThrough(seeded(seed), rules, isIll);
    const about = `seed ${seed}, ${steps} steps, at ${endedAt}`;
    expect(state.life.phase, about).toBe('ended');
    expect(state.handoff, about).toBeUndefined();
    expect(state.wanted, about).toBeUndefined();
    expect(
      state.operations.filter(each => each.state === 'asked'),
      about,
    ).toEqual([]);
    if (!isIll) expect(mostPersons, about).toBeLessThanOrEqual(1);
    for (const { outcome } of state.life.handoffs ?? []) stages.set(outcome, (stages.get(outcome) ?? 0) + 1);
  }
  for (const outcome of ['accepted', 'back-to-agent', 'caller-left'])
    expect(stages.get(outcome) ?? 0, outcome).toBeGreaterThan(calls / 100);
});
