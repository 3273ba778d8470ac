import { expect, test } from 'vitest';
import { CallError } from '../../contracts/error.ts';
import { virtualClock } from '../clock.ts';
import type { VoiceListener } from '../speech/voice.ts';
import { createEpochs, setEpoch } from './lane.ts';
import { type FromSpeech, speechLane } from './speech-lane.ts';

/** A lane whose voice speaks when the test says so. */
function setUp() {
  const posted: FromSpeech[] = [];
  const epochs = createEpochs(2);
  const heard: number[] = [];
  const jobs: {
    ssml: string;
    listener: VoiceListener;
    signal: AbortSignal;
    end: () => void;
    fail: (error: Error) => void;
  }[] = [];
  const lane = speechLane(
    message => posted.push(message),
    epochs,
    {
      openEars: () => ({ hear: pcm => heard.push(pcm.byteLength), close: async () => undefined }),
      voice: {
        speak: (ssml, listener, signal) =>
          new Promise((resolve, reject) => {
            jobs.push({ ssml, listener, signal, end: () => resolve({ ms: 100 }), fail: reject });
            signal.addEventListener('abort', () => resolve({ ms: 0 }));
          }),
        close: async () => undefined,
      },
      close: async () => undefined,
    },
    virtualClock(),
  );
  lane.receive({ type: 'open', call: 1, cell: 0, language: 'en-US', phrases: [] });
  const say = (epoch: number, utterance: number, text = 'Hello.') =>
    lane.receive({ type: 'say', call: 1, epoch, utterance, text, voice: 'v', language: 'en-US' });
  const settle = () => new Promise(resolve => setImmediate(resolve));
  const types = () => posted.map(message => message.type);
  return { lane, posted, epochs, jobs, heard, say, settle, types };
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

test('messages of a call that is gone are nobody’s', () => {
  const { lane, heard, jobs, say } = setUp();
  say(1, 1);
  lane.receive({ type: 'close', call: 1 });
  expect(jobs[0]?.signal.aborted).toBe(true);
  lane.receive({ type: 'sound', call: 1, pcm: new ArrayBuffer(640) });
  say(1, 2);
  expect([heard.length, jobs.length]).toEqual([0, 1]);
});
