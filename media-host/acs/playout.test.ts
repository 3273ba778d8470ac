import { expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createPlayout } from './playout.ts';

const rate = 16_000;
const speech = (ms: number) => new Uint8Array(ms * 32).fill(1);

function setUp(leadMs = 100) {
  const clock = virtualClock();
  const sent: { at: number; bytes: Uint8Array }[] = [];
  const start = clock.now();
  const playout = createPlayout({
    sampleRate: rate,
    leadMs,
    now: clock.now,
    send: pcm => sent.push({ at: clock.now() - start, bytes: pcm.slice() }),
  });
  let lead = 0;
  /** Serves the call every 20 ms, a little late as timers are. */
  const run = (ms: number, lateMs = 0) => {
    for (let passed = 0; passed < ms; passed += 20) {
      clock.advance(20 + lateMs);
      playout.pump();
      if (lateMs) clock.advance(-0);
      lead = Math.max(lead, playout.leadMs());
    }
  };
  return { clock, sent, playout, run, lead: () => lead };
}

test('60 s of speech leaves in 60 s, with at most 200 ms of lead at any time', () => {
  for (const leadMs of [20, 100, 200]) {
    const { sent, playout, run, lead } = setUp(leadMs);
    playout.append(1, speech(70_000));
    playout.finish(1);
    playout.release();
    run(70_000);
    const from = leadMs / 20 - 1;
    const sixtySecondsLater = sent[from + 3000]?.at ?? 0;
    const tookMs = sixtySecondsLater - (sent[from]?.at ?? 0);
    console.log(`lead ${leadMs} ms: 60 s of speech left in ${tookMs} ms, lead at most ${lead()} ms`);
    expect(Math.abs(tookMs - 60_000)).toBeLessThanOrEqual(20);
    expect(lead()).toBeLessThanOrEqual(200);
    expect(sent).toHaveLength(3500);
  }
});

test('late ticks are made up for and do not add up', () => {
  const { sent, playout, run } = setUp(100);
  playout.append(1, speech(10_000));
  playout.finish(1);
  playout.release();
  run(10_000, 3);
  expect(sent).toHaveLength(500);
  expect(sent.at(-1)?.at).toBeLessThanOrEqual(10_000);
});

test('nothing leaves before it is released, and nothing after clear', () => {
  const { sent, playout, run } = setUp();
  playout.append(1, speech(1000));
  run(100);
  expect(sent).toHaveLength(0);
  playout.release();
  run(300);
  const before = sent.length;
  expect(playout.clear()).toEqual({ unsentMs: 1000 - before * 20, unplayedMs: before * 20 - 300 });
  run(500);
  playout.append(2, speech(200));
  run(100);
  expect(sent).toHaveLength(before);
});

test('the ear has heard what was played when StopAudio came, and no more', () => {
  const { playout, run } = setUp(200);
  playout.release();
  playout.append(1, speech(300));
  playout.append(2, speech(300));
  run(400);
  expect(playout.playedMs(1)).toBe(300);
  expect(playout.playedMs(2)).toBe(100);
  playout.clear();
  run(400);
  expect(playout.playedMs(2)).toBe(100);
});

test('sound that comes too late starts a new stretch: the gap is not counted as played', () => {
  const { playout, run } = setUp();
  playout.release();
  playout.append(1, speech(100));
  run(500);
  expect(playout.playedMs(1)).toBe(100);
  playout.append(1, speech(100));
  playout.finish(1);
  run(40);
  expect(playout.playedMs(1)).toBe(140);
  run(500);
  expect(playout.playedMs(1)).toBe(200);
  expect(playout.leadMs()).toBe(0);
});

test('sentences join without a gap; only the end is filled with silence', () => {
  const { sent, playout, run } = setUp();
  playout.release();
  playout.append(1, speech(30));
  playout.append(2, speech(35));
  playout.finish(1);
  run(200);
  expect(sent).toHaveLength(3);
  playout.finish(2);
  run(40);
  expect(sent).toHaveLength(4);
  const last = sent[3]?.bytes ?? new Uint8Array();
  expect([last[0], last[159], last[160], last[639]]).toEqual([1, 1, 0, 0]);
});

/** An utterance whose every sample tells its own place, so that a repeat or a gap would show. */
function counting(ms: number): { pcm: Uint8Array; samples: Int16Array } {
  const samples = Int16Array.from({ length: ms * 16 }, (_, i) => i % 30_000);
  return { pcm: new Uint8Array(samples.buffer), samples };
}

test('what ACS had not played is taken back at the word that was cut, and is said again from there', () => {
  const { sent, playout, run } = setUp(200);
  const { pcm, samples } = counting(1000);
  playout.append(1, pcm);
  playout.finish(1);
  playout.release();
  run(400);
  const before = sent.length;
  // The word that sounds began at 340 ms.
  const given = playout.hold((utterance, playedMs) => {
    expect([utterance, playedMs]).toEqual([1, 400]);
    return 340;
  });
  expect(given.unplayedMs).toBe(before * 20 - 400);
  run(500);
  expect(sent).toHaveLength(before);
  playout.release();
  run(1000);
  const again = new Int16Array(
    sent.slice(before).flatMap(({ bytes }) => [...new Int16Array(bytes.slice().buffer)]),
  ).subarray(0, 660 * 16);
  expect(again).toEqual(samples.subarray(340 * 16));
  expect(playout.playedMs(1)).toBe(1000);
});

test('a held sentence may be given up after all: only what was played before counts as heard', () => {
  const { sent, playout, run } = setUp(200);
  playout.append(1, speech(1000));
  playout.release();
  run(300);
  playout.hold((_, playedMs) => playedMs);
  run(300);
  const before = sent.length;
  playout.clear();
  playout.release();
  run(300);
  expect(sent).toHaveLength(before);
  expect(playout.playedMs(1)).toBe(300);
});

test('the voice slides to its new loudness within one frame, without a step', () => {
  const { sent, playout, run } = setUp(20);
  const loud = new Uint8Array(new Int16Array(16_000).fill(10_000).buffer);
  playout.append(1, loud);
  playout.finish(1);
  playout.release();
  run(100);
  playout.gain(0.25);
  const from = sent.length;
  run(60);
  playout.gain(1);
  run(60);
  const levels = sent.map(({ bytes }) => new Int16Array(bytes.slice().buffer));
  expect([levels[from]?.[0], levels[from]?.at(-1)]).toEqual([9977, 2500]);
  expect(new Set(levels[from + 1])).toEqual(new Set([2500]));
  expect(levels.at(-1)?.at(-1)).toBe(10_000);
  let steepest = 0;
  const all = levels.flatMap(level => [...level]);
  for (let i = 1; i < all.length; i++) steepest = Math.max(steepest, Math.abs((all[i] ?? 0) - (all[i - 1] ?? 0)));
  expect(steepest).toBeLessThan(40);
});
