/**
 * What any Speech service does for the unchanged SDK. Runs against the stand-in always and against Azure when SPEECH_KEY and
 * SPEECH_REGION are set; the speech it hears is the speech the same service speaks.
 */
import * as sdk from 'microsoft-cognitiveservices-speech-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Ears, openEars, openVoice, type Spoken, type Voice } from './sdk-client.ts';
import { type Speech, startSpeech } from './speech.ts';

const { SPEECH_KEY: azureKey, SPEECH_REGION: azureRegion } = process.env;
const SENTENCE = 'Your parcel arrives on Tuesday.';
const targets = ['stand-in', ...(azureKey && azureRegion ? ['azure'] : [])];

describe.each(targets)('the Speech service (%s)', target => {
  let speech: Speech | undefined;
  const open: (Ears | Voice)[] = [];
  beforeAll(async () => {
    if (target === 'stand-in') speech = await startSpeech({ tts: { firstAudioMs: 5, speed: 1000 } });
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });
  afterAll(() => speech?.close());

  function config(key = speech?.key ?? azureKey ?? ''): sdk.SpeechConfig {
    const config = speech
      ? sdk.SpeechConfig.fromHost(new URL(speech.host), key)
      : sdk.SpeechConfig.fromSubscription(key, azureRegion ?? '');
    config.setProperty('SpeechServiceConnection_RecognitionEndpointVersion', '2');
    config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, '500');
    config.setProperty('SPEECH-TransmitLengthBeforThrottleMs', '60000');
    config.speechRecognitionLanguage = 'en-US';
    config.speechSynthesisVoiceName = 'en-US-JennyNeural';
    config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm;
    return config;
  }
  function ears(use = config()): Ears {
    const one = openEars(use);
    open.push(one);
    return one;
  }
  function voice(use = config()): Voice {
    const one = openVoice(use);
    open.push(one);
    return one;
  }
  const spoken = (text: string): Promise<Spoken> => voice().speak(text);
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N} ]/gu, '');

  test('turns text into audio with a boundary for every word, in order, inside the audio', async () => {
    const { result, pcm, words } = await spoken(`Hello, ${SENTENCE}`);
    expect(result.reason).toBe(sdk.ResultReason.SynthesizingAudioCompleted);
    const lengthMs = pcm.length / 16;
    expect(result.audioDuration / 10_000).toBeCloseTo(lengthMs, -2);
    const bounded = words.filter(word => word.kind === 'WordBoundary');
    expect(bounded.map(word => word.text)).toEqual(['Hello', 'Your', 'parcel', 'arrives', 'on', 'Tuesday']);
    expect(words.filter(word => word.kind === 'PunctuationBoundary').map(word => word.text)).toEqual([',', '.']);
    expect(bounded.map(word => word.textOffset)).toEqual([0, 7, 12, 19, 27, 30]);
    for (const [i, word] of words.entries()) {
      expect(word.offsetMs).toBeGreaterThanOrEqual(words[i - 1]?.offsetMs ?? 0);
      expect(word.offsetMs + word.durationMs).toBeLessThanOrEqual(lengthMs + 1);
    }
  });

  test('speaks queued texts one after the other on one connection', async () => {
    const one = voice();
    const order: string[] = [];
    const first = one.speak('First.').then(() => order.push('first'));
    const second = new Promise<void>((resolve, reject) =>
      one.synthesizer.speakTextAsync(
        'Second.',
        () => {
          order.push('second');
          resolve();
        },
        reject,
      ),
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  test('reads SSML: entities are letters, breaks are silence', async () => {
    const ssml = (inside: string): string =>
      `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US"><voice name="en-US-JennyNeural">${inside}</voice></speak>`;
    const one = voice();
    const plainly = await one.speakSsml(ssml('Fish &amp; chips.'));
    expect(plainly.words.map(word => word.text)).toContain('Fish');
    const paused = await one.speakSsml(ssml('Fish <break time="2s"/> &amp; chips.'));
    expect((paused.pcm.length - plainly.pcm.length) / 16).toBeGreaterThan(1500);
  });

  test('hears speech as growing partials and one final, with where it was', async () => {
    const { pcm } = await spoken(SENTENCE);
    const one = ears();
    await one.start();
    one.hear(padded(pcm, 500, 1500));
    const final = await one.next('final');
    expect(plain(final.text)).toBe(plain(SENTENCE));
    expect(final.text).toMatch(/^Your .*\.$/);
    expect(final.offsetMs).toBeGreaterThan(400);
    expect(final.offsetMs).toBeLessThan(900);
    expect(final.offsetMs + final.durationMs).toBeLessThan(500 + pcm.length / 16 + 400);
    const types = one.told.map(told => told.type);
    expect(types.indexOf('partial')).toBeGreaterThan(-1);
    expect(types.indexOf('partial')).toBeLessThan(types.indexOf('final'));
    expect(types.indexOf('start')).toBeLessThan(types.indexOf('partial'));
    const partials = one.texts('partial');
    expect(partials[0]).toBe(plain(partials[0]!));
    expect(partials.map(text => text.length)).toEqual(partials.map(text => text.length).sort((a, b) => a - b));
  });

  test('parts phrases by silence, offsets counting through', async () => {
    const { pcm } = await spoken(SENTENCE);
    const one = ears();
    await one.start();
    one.hear(padded(pcm, 200, 1500));
    one.hear(padded(pcm, 0, 1500));
    const first = await one.next('final');
    const second = await one.next('final', 2);
    expect(plain(second.text)).toBe(plain(SENTENCE));
    const apart = second.offsetMs - first.offsetMs;
    expect(Math.abs(apart - (pcm.length / 16 + 1500))).toBeLessThan(200);
  });

  test('gives word timings in the detailed format', async () => {
    const { pcm } = await spoken(SENTENCE);
    const use = config();
    use.outputFormat = sdk.OutputFormat.Detailed;
    use.requestWordLevelTimestamps();
    const one = ears(use);
    await one.start();
    one.hear(padded(pcm, 300, 1500));
    const { json, offsetMs } = await one.next('final');
    const [best] = (JSON.parse(json) as { NBest: { Display: string; Words: { Word: string; Offset: number }[] }[] })
      .NBest;
    expect(plain(best!.Display)).toBe(plain(SENTENCE));
    expect(best!.Words.map(word => word.Word)).toEqual(['your', 'parcel', 'arrives', 'on', 'tuesday']);
    expect(best!.Words[0]!.Offset / 10_000).toBeCloseTo(offsetMs, -2);
  });

  test('stops at once, giving the words it has, and starts again on the same object', async () => {
    const { pcm } = await spoken(SENTENCE);
    const one = ears();
    await one.start();
    one.hear(padded(pcm, 100, 300));
    await one.next('partial');
    await expect.poll(() => one.texts('partial').at(-1), { timeout: 8000 }).toContain('tuesday');
    await one.stop();
    await one.next('session-stopped');
    expect(plain(one.texts('final').join(' '))).toBe(plain(SENTENCE));
    await one.start();
    one.hear(padded(pcm, 100, 1500));
    await one.next('final', 2);
  });

  test('ends with the audio: EndOfStream is no error', async () => {
    const { pcm } = await spoken(SENTENCE);
    const one = ears();
    await one.start();
    one.hear(padded(pcm, 100, 200));
    one.endOfAudio();
    await one.next('session-stopped');
    expect(one.texts('final').map(plain)).toEqual([plain(SENTENCE)]);
    expect(one.told.find(told => told.type === 'canceled')?.detail).toBe('EndOfStream NoError');
  });

  test('refuses a wrong key, for hearing and for speaking', async () => {
    const wrong = config('0123456789abcdef0123456789abcdef');
    const one = ears(wrong);
    await one.start();
    expect((await one.next('canceled')).detail).toMatch(/^Error ConnectionFailure.*401/s);
    const { result } = await voice(wrong).speak('Hello.');
    expect(result.reason).toBe(sdk.ResultReason.Canceled);
    expect(result.errorDetails).toContain('401');
  });

  test('a connection opened ahead of time is the one that is used', async () => {
    const one = voice();
    let connects = 0;
    one.connection.connected = () => {
      connects += 1;
    };
    one.connection.openConnection();
    await expect.poll(() => connects, { timeout: 5000 }).toBe(1);
    const { result } = await one.speak('Warm.');
    expect(result.reason).toBe(sdk.ResultReason.SynthesizingAudioCompleted);
    expect(connects).toBe(1);
    const other = ears();
    other.connection.openConnection();
    await other.start();
    other.hear(padded((await spoken(SENTENCE)).pcm, 100, 1500));
    await other.next('final');
  });
});

function padded(pcm: Int16Array, beforeMs: number, afterMs: number): Int16Array {
  const whole = new Int16Array(pcm.length + (beforeMs + afterMs) * 16);
  whole.set(pcm, beforeMs * 16);
  return whole;
}
