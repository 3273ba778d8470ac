import { expect, test } from 'vitest';
import { CallError } from '../../contracts/error.ts';
import { virtualClock } from '../clock.ts';
import type { EarsListener } from '../speech/ears.ts';
import { createFixedSentences } from '../speech/fixed-sentences.ts';
import type { PoolGauge } from '../speech/spares.ts';
import type { Voice, VoiceListener } from '../speech/voice.ts';
import { createEpochs, setEpoch } from './lane.ts';
import { type FromSpeech, speechLane } from './speech-lane.ts';

/** A lane whose voice speaks when the test says so. */
function setUp(withPools = false) {
  const posted: FromSpeech[] = [];
  const epochs = createEpochs(2);
  const heard: number[] = [];
  const renewed: true[] = [];
  const relistened: unknown[] = [];
  const warmed: string[] = [];
  const ears: { listener?: EarsListener } = {};
  const clock = virtualClock();
  const counts = { spare: 0, made: 0, retired: 0, kept: 0, warm: 0, cold: 0, refused: 0 };
  const pool: PoolGauge = { what: 'recogniser', route: 0, inUse: 0, ...counts };
  const jobs: {
    ssml: string;
    listener: VoiceListener;
    signal: AbortSignal;
    end: () => void;
    fail: (error: Error) => void;
  }[] = [];
  const voice: Voice = {
    speak: (ssml, listener, signal) =>
      new Promise((resolve, reject) => {
        jobs.push({ ssml, listener, signal, end: () => resolve({ ms: 100 }), fail: reject });
        signal.addEventListener('abort', () => resolve({ ms: 0 }));
      }),
    close: async () => undefined,
  };
  const lane = speechLane(
    message => posted.push(message),
    epochs,
    {
      openEars: (_, listener) => {
        ears.listener = listener;
        return {
          hear: pcm => heard.push(pcm.byteLength),
          renew: () => renewed.push(true),
          relisten: options => relistened.push(options),
          close: async () => undefined,
        };
      },
      voice,
      fixed: createFixedSentences(voice),
      prewarm: language => warmed.push(language),
      ...(withPools && { pools: () => [{ ...pool }] }),
      close: async () => undefined,
    },
    clock,
  );
  lane.receive({ type: 'open', call: 1, cell: 0, language: 'en-US', phrases: [] });
  const say = (epoch: number, utterance: number, text = 'Hello.') =>
    lane.receive({ type: 'say', call: 1, epoch, utterance, text, voice: 'v', language: 'en-US' });
  const settle = () => new Promise(resolve => setImmediate(resolve));
  const types = () => posted.map(message => message.type);
  return { lane, posted, epochs, jobs, heard, say, settle, types, ears, renewed, relistened, warmed, clock, pool };
}

test('sentences are spoken one after the other, the first sound announced with its times', async () => {
  const { say, jobs, posted, settle } = setUp();
  say(1, 1, 'One.');
  say(1, 2, 'Two.');
  expect(jobs).toHaveLength(1);
  jobs[0]?.listener.sound(new ArrayBuffer(4));
  jobs[0]?.listener.sound(new ArrayBuffer(4));
  jobs[0]?.end();
  await settle();
  expect(jobs[1]?.ssml).toContain('Two.');
  expect(posted.map(message => message.type)).toEqual(['sounding', 'sound-out', 'sound-out', 'said']);
});

test('a barge-in reaches the lane through the epoch alone: stale sound goes no further, stale jobs are not begun', async () => {
  const { say, jobs, epochs, lane, types, settle } = setUp();
  say(1, 1);
  say(1, 2);
  setEpoch(epochs, 0, 2);
  jobs[0]?.listener.sound(new ArrayBuffer(4));
  jobs[0]?.listener.word({ text: 'Hello', offsetMs: 0, durationMs: 1 });
  expect(types()).toEqual([]);
  lane.receive({ type: 'hush', call: 1, epoch: 2 });
  expect(jobs[0]?.signal.aborted).toBe(true);
  await settle();
  say(2, 3, 'New.');
  await settle();
  expect(jobs.map(job => job.ssml.includes('New.'))).toEqual([false, true]);
});

test('a hush does not stop the reply that it makes room for', () => {
  const { say, jobs, lane } = setUp();
  say(2, 1);
  lane.receive({ type: 'hush', call: 1, epoch: 2 });
  expect(jobs[0]?.signal.aborted).toBe(false);
});

test('an utterance that fails is told with its code, and the next is spoken', async () => {
  const { say, jobs, posted, settle } = setUp();
  say(1, 1);
  say(1, 2);
  jobs[0]?.fail(new CallError('SPEECH_UNAVAILABLE', { doing: 'speaking', reason: 'x' }));
  await settle();
  expect(posted).toContainEqual({ type: 'not-said', call: 1, epoch: 1, utterance: 1, code: 'SPEECH_UNAVAILABLE' });
  expect(jobs).toHaveLength(2);
});

test('what ears tell of themselves reaches the call, and what it asks of its ears reaches them', () => {
  const { lane, ears, posted, renewed, relistened } = setUp();
  ears.listener?.lost('mute');
  ears.listener?.again();
  lane.receive({ type: 'renew', call: 1 });
  lane.receive({ type: 'relisten', call: 1, language: 'es-ES', phrases: ['paquete'] });
  expect(posted).toEqual([
    { type: 'deaf', call: 1, code: 'mute' },
    { type: 'hearing-again', call: 1 },
  ]);
  expect(renewed).toHaveLength(1);
  expect(relistened).toEqual([{ language: 'es-ES', phrases: ['paquete'] }]);
});

test('what is prepared is made before any call wants it, as it will be said, and its language is connected', async () => {
  const { lane, jobs, say, posted, settle, warmed } = setUp();
  const about = { voice: 'v', language: 'en-US' };
  lane.receive({ type: 'prepare', ...about, texts: ['It is $5.', '🎉'] });
  expect(warmed).toEqual(['en-US']);
  expect(jobs.map(({ ssml }) => ssml.replace(/<[^>]*>/g, ''))).toEqual(['It is 5 dollars.']);
  jobs[0]?.listener.word({ text: '5', offsetMs: 0, durationMs: 90 });
  jobs[0]?.listener.sound(new ArrayBuffer(640));
  jobs[0]?.end();
  await settle();
  lane.receive({ type: 'say', call: 1, epoch: 1, utterance: 1, text: 'It is $5.', ...about, fixed: true });
  await settle();
  expect(posted.map(({ type }) => type)).toEqual(['word', 'sounding', 'sound-out', 'said']);
  say(1, 2, 'It is $5.');
  expect(jobs).toHaveLength(2);
});

test('pools are told when they have changed, and belong to no call', async () => {
  const { posted, clock, pool } = setUp(true);
  const told = () => posted.filter(({ type }) => type === 'pools').length;
  expect([told(), posted[0]?.call]).toEqual([1, 0]);
  clock.advance(60_000);
  expect(told()).toBe(1);
  pool.inUse = 1;
  clock.advance(5000);
  expect(told()).toBe(2);
});

test('a lane that is closed leaves nothing running', async () => {
  const { lane, clock, say } = setUp(true);
  say(1, 1);
  await lane.close();
  expect(clock.waiting()).toBe(0);
});

test('messages of a call that is gone are nobody’s', () => {
  const { lane, heard, jobs, say } = setUp();
  say(1, 1);
  lane.receive({ type: 'close', call: 1 });
  expect(jobs[0]?.signal.aborted).toBe(true);
  lane.receive({ type: 'sound', call: 1, pcm: new Uint8Array(640) });
  say(1, 2);
  expect([heard.length, jobs.length]).toEqual([0, 1]);
});
