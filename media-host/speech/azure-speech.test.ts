import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CallError } from '../../contracts/error.ts';
import { type Speech, startSpeech } from '../../emulators/speech/speech.ts';
import { encodeText } from '../../emulators/tone/tone.ts';
import { machineClock } from '../clock.ts';
import type { SpeechAddress } from './azure-config.ts';
import { type AzureEars, createAzureEars } from './azure-ears.ts';
import { type AzureVoice, createAzureVoice } from './azure-voice.ts';
import type { Ears } from './ears.ts';
import { give, listen, speechConformance } from './speech.conformance.ts';
import { speechMarkup } from './ssml.ts';
import type { Voice } from './voice.ts';

let speech: Speech;
let ears: AzureEars;
let voice: AzureVoice;
const hearable = (text: string) => encodeText(text, { sampleRate: 16_000 }).pcm;

const address = (): SpeechAddress => ({ endpoint: speech.host, key: speech.key, segmentationMs: 500 });

beforeAll(async () => {
  speech = await startSpeech();
  ears = createAzureEars([address()], machineClock);
  voice = createAzureVoice([address()], machineClock);
});
afterEach(() => speech.reset());
afterAll(async () => {
  ears.close();
  await voice.close();
  await speech.close();
});

speechConformance('Azure Speech', () => ({ open: ears.open, voice, hearable }));

describe('ears outlive their service', () => {
  test('a socket that drops in mid-sentence costs no word', async () => {
    const { ears: mine, finals, heard } = listen(ears.open);
    const pcm = hearable('My policy number is four four seven one.');
    give(mine, pcm.subarray(0, pcm.length / 2));
    await expect.poll(() => speech.sessions().some(session => session.service === 'stt')).toBe(true);
    speech.closeSockets({ abort: true }, { service: 'stt' });
    give(mine, pcm.subarray(pcm.length / 2));
    give(mine, new Int16Array(16_000));
    await heard(1);
    expect(finals.map(final => final.text)).toEqual(['My policy number is four four seven one.']);
    await mine.close();
  });

  test('a recogniser that the service cancels is replaced, and the sentence is heard again from its start', async () => {
    speech.setFaults({ stt: { close: { atMs: 600, code: 1003, times: 1 } } });
    const { ears: mine, finals, heard } = listen(ears.open);
    give(mine, hearable('One two three four five six seven.'));
    give(mine, new Int16Array(16_000));
    await heard(1);
    expect(finals[0]?.text).toBe('One two three four five six seven.');
    await mine.close();
  });

  test('a refused upgrade is tried again with pauses, told with its status, and heals', async () => {
    speech.setFaults({ stt: { refuse: { status: 429 } } });
    const fresh = createAzureEars([address()], machineClock, { random: () => 0, spares: 0 });
    const { ears: mine, finals, lost, heard, failed } = listen(fresh.open);
    give(mine, hearable('Still here.'));
    give(mine, new Int16Array(16_000));
    await failed(1);
    expect(lost[0]).toBe('429');
    speech.setFaults({ stt: { refuse: null } });
    await heard(1);
    expect(finals[0]?.text).toBe('Still here.');
    await mine.close();
    fresh.close();
  });

  test('a spare that the service closed is not used', async () => {
    const pool = createAzureEars([address()], machineClock);
    const first = listen(pool.open);
    await expect.poll(() => speech.sessions().filter(session => session.service === 'stt').length).toBeGreaterThan(1);
    speech.closeSockets({ code: 1000 }, { service: 'stt' });
    const second = listen(pool.open);
    give(second.ears, hearable('Fresh ears.'));
    give(second.ears, new Int16Array(16_000));
    await second.heard(1);
    expect(second.finals[0]?.text).toBe('Fresh ears.');
    await Promise.all([first.ears.close(), second.ears.close()]);
    pool.close();
  });
});

test('sound that comes faster than it can be recognised is given up beyond half a minute, and the gauges tell how much', async () => {
  const pool = createAzureEars([address()], machineClock);
  const nothing = () => undefined;
  const mine = await new Promise<Ears>(resolve => {
    const listener = { partial: nothing, final: nothing, noMatch: nothing, lost: nothing, again: nothing };
    const opened = pool.open({ language: 'en-US', phrases: [] }, { ...listener, listening: () => resolve(opened) });
    give(opened, new Int16Array(8000));
  });
  expect(pool.gauges()[0]?.droppedMs).toBe(0);
  give(mine, new Int16Array(16_000 * 45));
  const droppedMs = pool.gauges()[0]?.droppedMs ?? 0;
  expect(droppedMs).toBeGreaterThanOrEqual(14_000);
  expect(droppedMs).toBeLessThanOrEqual(15_500);
  await mine.close();
  expect(pool.gauges()[0]?.droppedMs).toBe(droppedMs);
  pool.close();
});

describe('a voice never waits for ever', () => {
  const say = (speaker: Voice, text: string, onSound: (pcm: ArrayBuffer) => void = () => undefined) =>
    speaker.speak(
      speechMarkup({ text, voice: 'en-US-JennyNeural', language: 'en-US' }),
      { sound: onSound, word: () => undefined },
      new AbortController().signal,
    );

  test('a service that ignores stop costs its synthesiser, and the next utterance is not kept waiting', async () => {
    speech.turn({ tts: { stop: 'ignored' } });
    const abort = new AbortController();
    const retired = voice.gauges()[0]?.retired ?? 0;
    await voice.speak(
      speechMarkup({
        text: 'A very long sentence that would take many seconds to be spoken to its end.',
        voice: 'v',
        language: 'en-US',
      }),
      { sound: () => abort.abort(), word: () => undefined },
      abort.signal,
    );
    expect((await say(voice, 'Next.')).ms).toBeGreaterThan(100);
    expect(voice.gauges()[0]?.retired).toBe(retired + 1);
  });

  test('a synthesis that dies before its first sound is made again', async () => {
    speech.setFaults({ tts: { close: { atMs: 0, code: 1011, times: 1 } } });
    let bytes = 0;
    const spoken = await say(voice, 'Made again.', pcm => {
      bytes += pcm.byteLength;
    });
    expect(Math.abs(spoken.ms - bytes / 32)).toBeLessThanOrEqual(1);
  });

  test('a synthesis that never ends is given up with the cure named', async () => {
    speech.setFaults({ tts: { stall: { atMs: 0 } } });
    const impatient = createAzureVoice([address()], {
      ...machineClock,
      after: (ms, run) => machineClock.after(ms / 10, run),
    });
    const error = await say(impatient, 'Silence.').catch((reason: unknown) => reason);
    await impatient.close();
    expect(error).toBeInstanceOf(CallError);
    expect((error as CallError).message).toMatch(/SPEECH_ENDPOINT/);
  });
});
