import { expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createRoutes } from './routes.ts';

function setUp(count = 2) {
  const clock = virtualClock();
  const probes: { route: number; end: (well: boolean) => Promise<void> }[] = [];
  const settle = () => new Promise<void>(resolve => setImmediate(resolve));
  const routes = createRoutes({
    count,
    clock,
    random: () => 0.5,
    probe: route =>
      new Promise((resolve, reject) => {
        const end = (well: boolean) => {
          if (well) resolve();
          else reject(new Error('away'));
          return settle();
        };
        probes.push({ route, end });
      }),
  });
  return { clock, probes, routes };
}

test('the first address is used while it is well, also after one failure', () => {
  const { routes } = setUp();
  expect(routes.choose()).toBe(0);
  routes.failed(0);
  expect(routes.choose()).toBe(0);
  routes.worked(0);
  routes.failed(0);
  expect(routes.choose()).toBe(0);
});

test('two failures in a row send everybody elsewhere, until the address answers again', async () => {
  const { routes, clock, probes } = setUp();
  routes.failed(0);
  routes.failed(0);
  expect(routes.choose()).toBe(1);
  clock.advance(4999);
  expect(probes).toHaveLength(0);
  clock.advance(1);
  expect(probes.map(({ route }) => route)).toEqual([0]);
  expect(routes.choose()).toBe(1);
  await probes[0]?.end(true);
  expect(routes.choose()).toBe(0);
});

test('an address that stays away is asked ever more seldom, one that connects and fails rests at once', async () => {
  const { routes, clock, probes } = setUp();
  routes.failed(0);
  routes.failed(0);
  for (const rest of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    const before = probes.length;
    clock.advance(rest - 1);
    expect(probes).toHaveLength(before);
    clock.advance(1);
    expect(probes).toHaveLength(before + 1);
    await probes.at(-1)?.end(false);
  }
  clock.advance(60_000);
  await probes.at(-1)?.end(true);
  expect(routes.choose()).toBe(0);
  routes.failed(0);
  expect(routes.choose()).toBe(1);
});

test('who just failed somewhere is sent elsewhere, also when all are away', () => {
  const { routes } = setUp();
  expect(routes.choose(0)).toBe(1);
  for (const route of [0, 0, 1, 1]) routes.failed(route);
  expect([routes.choose(), routes.choose(0), routes.choose(1)]).toEqual([0, 1, 0]);
});

test('one address alone never rests', () => {
  const { routes, clock } = setUp(1);
  for (let i = 0; i < 5; i++) routes.failed(0);
  expect([routes.choose(), routes.choose(0)]).toEqual([0, 0]);
  expect(clock.waiting()).toBe(0);
});

test('nothing goes on after close', async () => {
  const { routes, clock, probes } = setUp();
  routes.failed(0);
  routes.failed(0);
  clock.advance(5000);
  routes.close();
  await probes[0]?.end(false);
  expect(clock.waiting()).toBe(0);
});
