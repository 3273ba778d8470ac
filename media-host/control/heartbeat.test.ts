import { expect, test } from 'vitest';
import type { Heartbeat } from '../../contracts/control.ts';
import { virtualClock } from '../clock.ts';
import { createMetrics } from '../observe/metrics.ts';
import { startHeartbeat } from './heartbeat.ts';

const settled = () => new Promise<void>(resolve => setImmediate(resolve));

function setUp() {
  const clock = virtualClock();
  const metrics = createMetrics();
  const beats: Heartbeat[] = [];
  const answers: { ok: () => void; fails: () => void }[] = [];
  const carries = { calls: ['a'.repeat(32)], draining: false };
  const heartbeat = startHeartbeat({
    clock,
    metrics,
    read: () => ({ hostId: 'mh', places: 10, loopP99Ms: 1, ...carries }),
    send: beat => {
      beats.push(beat);
      return new Promise((resolve, reject) => answers.push({ ok: resolve, fails: () => reject(new Error('away')) }));
    },
  });
  const answered = async (how: 'ok' | 'fails' = 'ok') => {
    answers.at(-1)?.[how]();
    await settled();
  };
  return { clock, metrics, beats, carries, heartbeat, answered };
}

test('a host says at once, and then every two seconds, what it carries', async () => {
  const { clock, beats, carries, answered } = setUp();
  await answered();
  clock.advance(1999);
  expect(beats).toHaveLength(1);
  carries.calls = [];
  clock.advance(1);
  expect(beats.map(({ beat, calls }) => [beat, calls.length])).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test('a control plane that is slow or away gets one beat at a time, and the next one when it has answered', async () => {
  const { clock, beats, metrics, answered } = setUp();
  clock.advance(9000);
  expect(beats).toHaveLength(1);
  await answered('fails');
  clock.advance(2000);
  expect(beats).toHaveLength(2);
  expect(metrics.counters()['heartbeats-unheard']).toBe(1);
});

test('a host that drains says so at once, and when it is empty', async () => {
  const { clock, beats, carries, heartbeat, answered } = setUp();
  carries.draining = true;
  heartbeat.now();
  expect(beats).toHaveLength(1);
  await answered();
  expect(beats.at(-1)).toMatchObject({ beat: 1, draining: true });
  carries.calls = [];
  const closing = heartbeat.close();
  await answered();
  await answered();
  await closing;
  expect(beats.at(-1)).toMatchObject({ beat: 2, calls: [] });
  clock.advance(10_000);
  expect(beats).toHaveLength(3);
  expect(clock.waiting()).toBe(0);
});
