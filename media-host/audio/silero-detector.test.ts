import { expect, test } from 'vitest';
import { noise, seeded } from '../../emulators/speech/test-sounds.ts';
import { sileroDetector } from './silero-detector.ts';
import type { VoiceWindow } from './voice-activity.ts';
import type { VoiceModel, WindowToJudge } from './voice-model.ts';

const loud = (windows: number) => noise(windows * 32, 3000, seeded(5));
const quiet = (windows: number) => new Int16Array(windows * 512);
const answers = (probability: number) => async (windows: readonly WindowToJudge[]) =>
  new Float32Array(windows.length).fill(probability);

function scripted(judge: VoiceModel['judge'], most = 32) {
  const model: VoiceModel = { most, judge, noMemory: () => new Float32Array(4), close: async () => undefined };
  return sileroDetector(model, model.noMemory());
}

function listening(detector: ReturnType<typeof scripted>) {
  const told: VoiceWindow[] = [];
  const call = detector.open(window => told.push(window));
  call.attend('closely');
  return { call, told };
}

test('a run takes a window of every call that is due, and each call once', async () => {
  const runs: number[] = [];
  const detector = scripted(async windows => {
    expect(new Set(windows).size).toBe(windows.length);
    runs.push(windows.length);
    return new Float32Array(windows.length);
  }, 4);
  const calls = Array.from({ length: 6 }, () => listening(detector).call);
  for (const call of calls) call.hear(loud(2));
  await detector.idle();
  expect(runs).toEqual([4, 4, 4]);
  expect(detector.tally).toEqual({ judged: 12, runs: 3, unjudged: 0, failedRuns: 0 });
});

test('there is never more than one run at once, and idle waits for the last', async () => {
  let running = 0;
  const detector = scripted(async windows => {
    expect(++running).toBe(1);
    await new Promise(resolve => setImmediate(resolve));
    running--;
    return new Float32Array(windows.length);
  });
  const { call } = listening(detector);
  for (let i = 0; i < 10; i++) {
    call.hear(loud(1));
    await new Promise(resolve => setImmediate(resolve));
  }
  await detector.idle();
  expect(running).toBe(0);
  expect(detector.tally.judged).toBe(10);
});

test('silence is not judged, and the three windows before a sound are', async () => {
  const energies: number[] = [];
  const detector = scripted(async windows => {
    const pcm = new Float32Array(576);
    for (const each of windows) each.read(pcm, 0);
    energies.push(pcm.subarray(64).reduce((sum, sample) => sum + Math.abs(sample), 0));
    return new Float32Array(windows.length);
  });
  const { call } = listening(detector);
  call.hear(quiet(20));
  await detector.idle();
  expect(energies).toEqual([]);
  call.hear(loud(1));
  await detector.idle();
  expect(energies.map(energy => energy > 1)).toEqual([false, false, false, true]);
});

test('the model is given each window with the samples before it, whatever the chunks', async () => {
  const count = 70;
  const pcm = loud(count);
  const read: Float32Array[] = [];
  const detector = scripted(async windows => {
    const into = new Float32Array(576);
    for (const each of windows) each.read(into, 0);
    read.push(into);
    return new Float32Array(windows.length);
  });
  const { call } = listening(detector);
  for (let at = 0; at < pcm.length; at += 700) {
    call.hear(pcm.subarray(at, at + 700));
    await detector.idle();
  }
  expect(read.map(each => Array.from(each))).toEqual(
    Array.from({ length: count }, (_, i) =>
      Array.from({ length: 576 }, (_, n) => (pcm[i * 512 - 64 + n] ?? 0) / 32_768),
    ),
  );
});

test('what the model says decides: 0.3 is the line, and a sound that is no voice is a sound', async () => {
  for (const [probability, heard] of [
    [0.31, 'voice'],
    [0.29, 'sound'],
  ] as const) {
    const detector = scripted(answers(probability));
    const { call, told } = listening(detector);
    call.hear(loud(8));
    await detector.idle();
    const whole = told.filter(({ endMs }) => endMs % 32 === 0);
    expect(whole).toHaveLength(8);
    expect(new Set(whole.map(each => each.heard))).toEqual(new Set([heard]));
  }
});

test('a run that fails leaves its windows to level, is counted, and the next run goes on', async () => {
  let fail = true;
  const detector = scripted(async windows => {
    if (fail) throw new Error('no memory');
    return answers(0)(windows);
  });
  const { call, told } = listening(detector);
  call.hear(loud(6));
  await detector.idle();
  expect(told.at(-1)).toMatchObject({ heard: 'voice', endMs: 6 * 32 });
  expect(detector.tally).toEqual({ judged: 0, runs: 6, unjudged: 6, failedRuns: 6 });
  fail = false;
  call.hear(loud(1));
  await detector.idle();
  expect(told.at(-1)).toMatchObject({ heard: 'sound', endMs: 7 * 32 });
});

test('a model that does not answer costs no sound: the oldest window is judged by level, the newest wait', async () => {
  let answer = (): void => undefined;
  const detector = scripted(
    windows => new Promise(resolve => (answer = () => resolve(new Float32Array(windows.length).fill(1)))),
  );
  const { call, told } = listening(detector);
  for (let i = 0; i < 40; i++) {
    call.hear(loud(1));
    await new Promise(resolve => setImmediate(resolve));
  }
  const whole = () => told.filter(({ endMs }) => endMs % 32 === 0);
  expect(whole()).toHaveLength(16);
  expect(detector.tally.unjudged).toBe(16);
  while (whole().length < 40) {
    answer();
    await new Promise(resolve => setImmediate(resolve));
  }
  expect(whole().map(({ endMs }) => endMs)).toEqual(Array.from({ length: 40 }, (_, i) => (i + 1) * 32));
  expect(
    whole()
      .slice(16)
      .every(({ heard }) => heard === 'voice'),
  ).toBe(true);
});

test('attention that ends while a window waits leaves nothing waiting', async () => {
  let answer = (): void => undefined;
  const detector = scripted(
    windows => new Promise(resolve => (answer = () => resolve(new Float32Array(windows.length).fill(1)))),
  );
  const { call, told } = listening(detector);
  call.hear(loud(4));
  await new Promise(resolve => setImmediate(resolve));
  call.attend('coarsely');
  call.hear(quiet(4));
  expect(told.map(({ heard }) => heard)).toEqual(['sound', 'quiet']);
  answer();
  await detector.idle();
  expect(told).toHaveLength(2);
});

test('closing waits for the run under way and tells nothing more', async () => {
  let answer = (): void => undefined;
  const detector = scripted(
    windows => new Promise(resolve => (answer = () => resolve(new Float32Array(windows.length).fill(1)))),
  );
  const { call, told } = listening(detector);
  call.hear(loud(4));
  await new Promise(resolve => setImmediate(resolve));
  const before = told.length;
  call.close();
  const closed = detector.close();
  answer();
  await closed;
  expect(told).toHaveLength(before);
});
