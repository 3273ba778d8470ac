import * as sdk from 'microsoft-cognitiveservices-speech-sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './test-bench.ts';
import { joined, tones } from './test-sounds.ts';

let bench: Bench;
afterEach(() => bench.close());

const hello = joined(100, tones('Hello.'), 700);

describe('hearing', () => {
  test('a refused upgrade is tried again at once; two refusals heal, and the status is in the text', async () => {
    bench = await openBench({ faults: { stt: { refuse: { status: 503, times: 2 } } } });
    const ears = bench.ears();
    await ears.start();
    ears.hear(hello);
    await ears.next('final');
    expect(bench.speech.counters()).toMatchObject({ refused: { 503: 2 }, faults: { 'stt.refuse': 2 } });
    bench.speech.setFaults({ stt: { refuse: { status: 403 } } });
    const refused = bench.ears();
    await refused.start();
    expect((await refused.next('canceled')).detail).toMatch(/ConnectionFailure .*403/s);
    expect(bench.speech.counters().refused).toEqual({ 403: 5, 503: 2 });
  });

  test.each([
    [1007, 'BadRequestParameters'],
    [4000, 'ConnectionFailure'],
  ])('close %i in mid-call cancels with %s', async (code, error) => {
    bench = await openBench({ faults: { stt: { close: { atMs: 100, code, reason: 'because', times: 1 } } } });
    const ears = bench.ears();
    await ears.start();
    ears.hear(hello);
    expect((await ears.next('canceled')).detail).toContain(error);
  });

  test('a stalled service takes audio and says nothing; stop gives up in time', async () => {
    bench = await openBench({ faults: { stt: { stall: { atMs: 50 } } } });
    const ears = bench.ears(config => config.setProperty('Recognizer_StopTimeoutMs', '200'));
    await ears.start();
    ears.hear(hello);
    await expect.poll(() => bench.speech.counters().audioMsHeard).toBeGreaterThan(800);
    await expect(ears.stop()).rejects.toBeDefined();
    expect(ears.texts('final')).toEqual([]);
    expect(bench.speech.counters()).toMatchObject({ phrases: 0, faults: { 'stt.stall': 1 } });
  });

  test('a dropped turn.end leaves stop waiting for its limit', async () => {
    bench = await openBench({ faults: { stt: { dropTurnEnd: { times: 1 } } } });
    const ears = bench.ears(config => config.setProperty('Recognizer_StopTimeoutMs', '200'));
    await ears.start();
    ears.hear(hello);
    await ears.next('final');
    await expect(ears.stop()).rejects.toBeDefined();
  });

  test('a dropped turn.start makes stop return at once', async () => {
    bench = await openBench({ faults: { stt: { dropTurnStart: {} } } });
    const ears = bench.ears();
    await ears.start();
    ears.hear(hello);
    await ears.next('final');
    await ears.stop();
  });

  test.each([
    ['TooManyRequests', 'TooManyRequests'],
    ['Error', 'ServiceError'],
    ['Forbidden', 'Forbidden'],
    ['BadRequest', 'BadRequestParameters'],
  ] as const)('a phrase of status %s cancels with %s', async (status, error) => {
    bench = await openBench({ faults: { stt: { status: { status, atMs: 200, times: 1 } } } });
    const ears = bench.ears();
    await ears.start();
    ears.hear(hello);
    expect((await ears.next('canceled')).detail).toContain(error);
  });

  test('a wrong request id is ignored, a malformed phrase kills the loop silently: both are ours to notice', async () => {
    bench = await openBench({ faults: { stt: { wrongRequestId: { times: 1 } } } });
    const ears = bench.ears();
    await ears.start();
    ears.hear(hello);
    ears.hear(hello);
    await ears.next('final');
    expect(bench.speech.counters().phrases).toBe(2);
    bench.speech.setFaults({ stt: { malformed: { times: 1 } } });
    const dead = bench.ears();
    await dead.start();
    dead.hear(hello);
    dead.hear(hello);
    await expect.poll(() => bench.speech.counters().phrases).toBe(4);
    expect(dead.texts('final')).toEqual([]);
  });

  test('answers can be late, and stay in order', async () => {
    bench = await openBench({ faults: { stt: { late: { byMs: 300 } } } });
    const ears = bench.ears();
    await ears.start();
    const startedAt = performance.now();
    ears.hear(hello);
    await ears.next('final');
    expect(performance.now() - startedAt).toBeGreaterThan(290);
    expect(ears.told.map(told => told.type).slice(1)).toEqual(['start', 'partial', 'end', 'final']);
  });

  test('a warm socket closed while idle is dead: the first start cancels', async () => {
    bench = await openBench({ faults: { stt: { idleClose: { afterMs: 60, code: 1000 } } } });
    const ears = bench.ears();
    ears.connection.openConnection();
    await ears.next('disconnected');
    bench.speech.setFaults({ stt: { idleClose: null } });
    await ears.start();
    ears.hear(hello);
    expect((await ears.next('canceled')).detail).toContain('Disconnected');
  });

  test('a connection too old is closed under a call, which goes on', async () => {
    bench = await openBench({ faults: { stt: { maxAge: { afterMs: 100, code: 1000, times: 1 } } } });
    const ears = bench.ears();
    await ears.start();
    ears.hear(hello);
    await ears.next('disconnected');
    ears.hear(hello);
    await ears.next('final', 2);
    expect(bench.speech.counters().sttSockets).toBe(2);
  });
});

describe('speaking', () => {
  test.each([429, 401, 500] as const)('a refused upgrade (%i) is tried once', async status => {
    bench = await openBench({ faults: { tts: { refuse: { status, times: 1, retryAfterSeconds: 1 } } } });
    const voice = bench.voice();
    const { result } = await voice.speak('Hello.');
    expect(result.errorDetails).toContain(String(status));
    expect((await voice.speak('Hello.')).result.reason).toBe(sdk.ResultReason.SynthesizingAudioCompleted);
  });

  test('a close in mid-sentence cancels, and the next speak connects anew', async () => {
    bench = await openBench({ tts: { speed: 10 }, faults: { tts: { close: { atMs: 400, code: 1011, times: 1 } } } });
    const voice = bench.voice();
    const { result } = await voice.speak('This is long enough to be cut.');
    expect(result.reason).toBe(sdk.ResultReason.Canceled);
    expect((await voice.speak('Again.')).result.reason).toBe(sdk.ResultReason.SynthesizingAudioCompleted);
    expect(bench.speech.counters().ttsSockets).toBe(2);
  });

  test.each([
    ['close 1000 in mid-sentence', { close: { atMs: 200, code: 1000, times: 1 } }],
    ['a missing turn.end', { dropTurnEnd: { times: 1 } }],
    ['a stall', { stall: { atMs: 200, times: 1 } }],
    ['malformed metadata', { malformed: { times: 1 } }],
  ])('%s: no callback ever comes, and closing frees everything', async (_, faults) => {
    bench = await openBench({ faults: { tts: faults } });
    const voice = bench.voice();
    let settled = false;
    void voice.speak('Hello there my friend.').finally(() => {
      settled = true;
    });
    await expect.poll(() => Object.keys(bench.speech.counters().faults)).toHaveLength(1);
    await expect.poll(() => bench.speech.counters().syntheses).toBeGreaterThan(0);
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(settled).toBe(false);
    voice.close();
    await expect.poll(() => bench.speech.counters().openTtsTurns).toBe(0);
  });

  test('first audio can be late; a connection reset cancels', async () => {
    bench = await openBench({ faults: { tts: { late: { byMs: 250, times: 1 } } } });
    const voice = bench.voice();
    expect((await voice.speak('Hello.')).firstAudioMs).toBeGreaterThan(240);
    bench.speech.setFaults({ tts: { abort: { atMs: 0, times: 1 } } });
    expect((await voice.speak('Hello.')).result.reason).toBe(sdk.ResultReason.Canceled);
  });

  test('an idle socket that was closed is replaced without a word', async () => {
    bench = await openBench({ faults: { tts: { idleClose: { afterMs: 40, code: 1000, times: 1 } } } });
    const voice = bench.voice();
    await voice.speak('One.');
    await expect.poll(() => bench.speech.counters().faults).toEqual({ 'tts.idleClose': 1 });
    await expect.poll(() => bench.speech.sessions().some(session => session.closedWith)).toBe(true);
    expect((await voice.speak('Two.')).result.reason).toBe(sdk.ResultReason.SynthesizingAudioCompleted);
  });
});

test('faults are merged, shown with what is left of them, and wrong ones named', async () => {
  bench = await openBench();
  const { speech } = bench;
  speech.setFaults({ stt: { stall: {}, refuse: { status: 503, times: 3 } } });
  speech.setFaults({ stt: { stall: null }, tts: { dropTurnEnd: {} } });
  expect(speech.faults()).toEqual({ stt: { refuse: { status: 503, times: 3 } }, tts: { dropTurnEnd: {} } });
  expect(() => speech.setFaults({ stt: { explode: {} } } as never)).toThrow('explode');
  expect(() => speech.setFaults({ stt: { refuse: { status: 418 } } } as never)).toThrow('status');
  speech.reset();
  expect(speech.faults()).toEqual({ stt: {}, tts: {} });
});
