import fc from 'fast-check';
import { expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createSpares } from './spares.ts';

interface Thing {
  id: number;
  alive: boolean;
  discarded: number;
}

function setUp(
  options: { count?: number; most?: number; warm?: () => Promise<void>; make?: () => Promise<void> } = {},
) {
  const made: Thing[] = [];
  const clock = virtualClock();
  const spares = createSpares<Thing>({
    what: 'thing',
    make: async () => {
      await options.make?.();
      const thing = { id: made.length, alive: true, discarded: 0 };
      made.push(thing);
      return thing;
    },
    warm: options.warm ?? (async () => undefined),
    alive: thing => thing.alive,
    discard: thing => {
      thing.discarded++;
    },
    count: () => options.count ?? 1,
    most: options.most ?? 200,
    clock,
  });
  const settle = async () => {
    for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve));
  };
  return { made, spares, clock, settle };
}

test('a spare is warm before anybody asks, and the next is made behind the scenes', async () => {
  const { made, spares, settle } = setUp();
  await settle();
  expect(spares.gauge.spare).toBe(1);
  expect((await spares.take()).id).toBe(0);
  await settle();
  expect(spares.gauge).toEqual({ inUse: 1, spare: 1, made: 2, retired: 0, kept: 0, warm: 1, cold: 0, refused: 0 });
  expect(made).toHaveLength(2);
});

test('a spare that died is thrown away, one that waited too long is replaced while nobody asks', async () => {
  const { made, spares, clock, settle } = setUp();
  await settle();
  if (made[0]) made[0].alive = false;
  expect((await spares.take()).id).toBe(1);
  expect(made[0]?.discarded).toBe(1);
  await settle();
  clock.advance(30_000);
  await settle();
  expect(made[2]?.discarded).toBe(1);
  expect((await spares.take()).id).toBe(3);
  expect(spares.gauge).toMatchObject({ warm: 1, cold: 1, retired: 2 });
});

test('a service that is away is not asked in a loop', async () => {
  const { made, spares, settle, clock } = setUp({
    warm: async () => {
      throw new Error('away');
    },
  });
  await settle();
  expect(made).toHaveLength(1);
  clock.advance(5000);
  await settle();
  expect(made).toHaveLength(2);
  expect((await spares.take()).id).toBe(2);
});

test('who comes again gets the one they had, and it is the last that another gets', async () => {
  const { spares, settle } = setUp({ count: 2 });
  await settle();
  const mine = await spares.take(1);
  spares.give(mine, 1);
  expect(await spares.take(2)).not.toBe(mine);
  expect(await spares.take(1)).toBe(mine);
  expect(spares.gauge.kept).toBe(1);
});

test('when all are in use the next waits for one to come back, and no longer than bearable', async () => {
  const { spares, clock } = setUp({ count: 0, most: 2 });
  const [first] = [await spares.take(), await spares.take()];
  const third = spares.take();
  if (first) spares.give(first);
  expect(await third).toBe(first);
  const fourth = spares.take().catch((error: unknown) => error);
  clock.advance(2000);
  expect(await fourth).toMatchObject({ code: 'SPEECH_POOL_EXHAUSTED', message: /SPEECH_POOL_MOST/ });
  expect(spares.gauge).toMatchObject({ inUse: 2, refused: 1 });
});

test('one that cannot be made leaves its place free', async () => {
  let broken = true;
  const { spares } = setUp({
    count: 0,
    most: 1,
    make: async () => {
      if (broken) throw new Error('no token');
    },
  });
  await expect(spares.take()).rejects.toThrow('no token');
  broken = false;
  await spares.take();
  expect(spares.gauge).toMatchObject({ inUse: 1, cold: 2, made: 1 });
});

test('fifty at once wait for one making, not for fifty', async () => {
  const { spares } = setUp({ count: 0 });
  const taken = await Promise.all(Array.from({ length: 50 }, () => spares.take()));
  expect(new Set(taken.map(thing => thing.id)).size).toBe(50);
});

test('after close nothing is kept', async () => {
  const { made, spares, settle, clock } = setUp({ count: 2 });
  await settle();
  const mine = await spares.take();
  spares.close();
  spares.give(mine);
  await settle();
  expect(made.every(thing => thing.discarded === 1)).toBe(true);
  expect(clock.waiting()).toBe(0);
});

test('in any order of taking, giving, dying and waiting: none is had twice or thrown away twice, the gauge is the truth', async () => {
  const step = fc.oneof(
    fc.constant('take' as const),
    fc.constant('give' as const),
    fc.constant('retire' as const),
    fc.constant('die' as const),
    fc.constant('pass' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(5)), { maxLength: 40 }), async steps => {
      const { made, spares, clock, settle } = setUp({ count: 2, most: 4 });
      const taken: Thing[] = [];
      for (const [what, owner] of steps) {
        if (what === 'take' && taken.length < 4) taken.push(await spares.take(owner));
        const one = what === 'give' || what === 'retire' ? taken.shift() : undefined;
        if (one) spares[what as 'give' | 'retire'](one, owner);
        const idle = made.find(thing => !taken.includes(thing) && thing.discarded === 0);
        if (what === 'die' && idle) idle.alive = false;
        if (what === 'pass') clock.advance(owner * 7000);
        if (what === 'pass') await settle();
        expect(new Set(taken).size).toBe(taken.length);
        expect(spares.gauge.inUse).toBe(taken.length);
      }
      spares.close();
      for (const one of taken) spares.retire(one);
      await settle();
      expect(made.map(thing => thing.discarded)).toEqual(made.map(() => 1));
      expect(spares.gauge).toMatchObject({ inUse: 0, spare: 0, made: made.length, retired: made.length });
    }),
    { numRuns: 60 },
  );
});
