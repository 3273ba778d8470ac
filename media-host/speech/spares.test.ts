import { expect, test } from 'vitest';
import { createSpares } from './spares.ts';

interface Thing {
  id: number;
  alive: boolean;
  discarded: boolean;
}

function setUp(options: { count?: number; warm?: () => Promise<void> } = {}) {
  const made: Thing[] = [];
  let time = 0;
  const spares = createSpares<Thing>({
    make: async () => {
      const thing = { id: made.length, alive: true, discarded: false };
      made.push(thing);
      return thing;
    },
    warm: options.warm ?? (async () => undefined),
    alive: thing => thing.alive,
    discard: thing => {
      thing.discarded = true;
    },
    count: options.count ?? 1,
    maxIdleMs: 30_000,
    now: () => time,
  });
  return {
    made,
    spares,
    pass: (ms: number) => (time += ms),
    settle: () => new Promise(resolve => setImmediate(resolve)),
  };
}

test('a spare is warm before anybody asks, and the next is made behind the scenes', async () => {
  const { made, spares, settle } = setUp();
  await settle();
  expect(spares.waiting).toBe(1);
  expect((await spares.take()).id).toBe(0);
  await settle();
  await settle();
  expect(spares.waiting).toBe(1);
  expect(made).toHaveLength(2);
});

test('a spare that died or waited too long is thrown away', async () => {
  const { made, spares, pass, settle } = setUp();
  await settle();
  if (made[0]) made[0].alive = false;
  expect((await spares.take()).id).toBe(1);
  expect(made[0]?.discarded).toBe(true);
  await settle();
  await settle();
  pass(31_000);
  expect((await spares.take()).id).toBeGreaterThan(2);
  expect(made[2]?.discarded).toBe(true);
});

test('a service that is away is not asked in a loop', async () => {
  const { made, spares, settle } = setUp({
    warm: async () => {
      throw new Error('away');
    },
  });
  for (let i = 0; i < 5; i++) await settle();
  expect(made).toHaveLength(1);
  expect((await spares.take()).id).toBe(1);
});

test('fifty at once wait for one making, not for fifty', async () => {
  const { spares } = setUp({ count: 0 });
  const taken = await Promise.all(Array.from({ length: 50 }, () => spares.take()));
  expect(new Set(taken.map(thing => thing.id)).size).toBe(50);
});

test('after close nothing is kept', async () => {
  const { made, spares, settle } = setUp({ count: 2 });
  await settle();
  const mine = await spares.take();
  spares.close();
  spares.give(mine);
  await settle();
  await settle();
  expect(made.every(thing => thing.discarded)).toBe(true);
});
