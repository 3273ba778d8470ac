import * as sdk from 'microsoft-cognitiveservices-speech-sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { createToneDecoder } from '../tone/tone.ts';
import { fromMuLaw } from './g711.ts';
import { type Bench, openBench } from './test-bench.ts';

let bench: Bench;
afterEach(() => bench.close());

const SENTENCE = 'Hello Zoë, your parcel “4711” costs £20 & arrives on Tuesday.';

function wordsIn(pcm: Int16Array, sampleRate = 16_000): string {
  const padded = new Int16Array(pcm.length + sampleRate / 50);
  padded.set(pcm);
  const words = createToneDecoder({ sampleRate }).push(padded);
  return words.map(word => word.text).join(' ');
}

test.each([
  ['raw 16 kHz', sdk.SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm, 16_000],
  ['raw 24 kHz', sdk.SpeechSynthesisOutputFormat.Raw24Khz16BitMonoPcm, 24_000],
  ['raw 8 kHz', sdk.SpeechSynthesisOutputFormat.Raw8Khz16BitMonoPcm, 8000],
  ['raw 48 kHz', sdk.SpeechSynthesisOutputFormat.Raw48Khz16BitMonoPcm, 48_000],
])('%s carries every word', async (_, format, sampleRate) => {
  bench = await openBench();
  const { pcm, result } = await bench
    .voice(config => {
      config.speechSynthesisOutputFormat = format;
    })
    .speak(SENTENCE);
  expect(wordsIn(pcm, sampleRate)).toBe(SENTENCE);
  expect(result.audioDuration / 10_000).toBeCloseTo((pcm.length * 1000) / sampleRate, 0);
});

test('8 kHz mu-law carries every word', async () => {
  bench = await openBench();
  const { bytes } = await bench
    .voice(config => {
      config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw8Khz8BitMonoMULaw;
    })
    .speak(SENTENCE);
  expect(wordsIn(Int16Array.from(bytes, fromMuLaw), 8000)).toBe(SENTENCE);
});

test('boundaries lie on the words of the audio, and on their place in the text', async () => {
  bench = await openBench();
  const { pcm, words } = await bench.voice().speak(SENTENCE);
  const heard = createToneDecoder({ sampleRate: 16_000 }).push(pcm);
  const bounded = words.filter(word => word.kind === 'WordBoundary');
  expect(bounded.map(word => word.text).join(' ')).toBe('Hello Zoë your parcel 4711 costs £20 & arrives on Tuesday');
  for (const [i, word] of bounded.entries()) {
    expect(SENTENCE.slice(word.textOffset, word.textOffset + word.text.length)).toBe(word.text);
    const truth = heard[i];
    if (truth) expect(word.offsetMs).toBeGreaterThanOrEqual(truth.startSample / 16 - 3);
    if (truth) expect(word.offsetMs + word.durationMs).toBeLessThanOrEqual(truth.endSample / 16 + 3);
  }
});

test('a format nobody speaks here is refused as a bad request', async () => {
  bench = await openBench();
  const { result } = await bench
    .voice(config => {
      config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Audio16Khz32KBitRateMonoMp3;
    })
    .speak('Hello.');
  expect(result.errorDetails).toContain('Unsupported output format');
  expect(result.errorDetails).toContain('1007');
});

test('broken SSML is refused with the reason', async () => {
  bench = await openBench();
  const { result } = await bench.voice().speakSsml('<speak><voice>Hello</speak>');
  expect(result.errorDetails).toContain('closed but not open');
});

test('audio comes in a burst, then at the pace that was set', async () => {
  bench = await openBench({ tts: { firstAudioMs: 80, burstMs: 400, speed: 4, chunkMs: 100 } });
  const voice = bench.voice();
  const arrivals: number[] = [];
  const startedAt = performance.now();
  voice.connection.openConnection();
  voice.synthesizer.synthesizing = () => arrivals.push(performance.now() - startedAt);
  await voice.speak('one two three four five six');
  expect(arrivals[0]).toBeGreaterThan(75);
  expect(arrivals[3]! - arrivals[0]!).toBeLessThan(25);
  // The next 100 ms chunks take 25 ms each.
  const rest = arrivals.slice(3);
  expect(rest.length).toBeGreaterThan(5);
  expect((rest.at(-1)! - rest[0]!) / (rest.length - 1)).toBeGreaterThan(17);
  expect((rest.at(-1)! - rest[0]!) / (rest.length - 1)).toBeLessThan(45);
});

describe('a stop in mid-sentence', () => {
  const long = 'This is a long sentence that somebody is going to interrupt before its end.';
  const stop = (connection: sdk.Connection): Promise<void> =>
    new Promise((resolve, reject) =>
      connection.sendMessageAsync('synthesis.control', '{"action":"stop"}', resolve, reject),
    );

  test('ends the turn with what there is, and the synthesizer speaks again', async () => {
    bench = await openBench({ tts: { speed: 2 } });
    const voice = bench.voice();
    const speaking = voice.speak(long);
    await expect.poll(() => voice.bytesSoFar(), { interval: 5 }).toBeGreaterThan(0);
    await stop(voice.connection);
    const { pcm, result } = await speaking;
    expect(result.reason).toBe(sdk.ResultReason.SynthesizingAudioCompleted);
    expect(pcm.length).toBeLessThan(16_000);
    expect(long.startsWith(wordsIn(pcm))).toBe(true);
    expect(wordsIn((await voice.speak('Sorry.')).pcm)).toBe('Sorry.');
    expect(bench.speech.counters()).toMatchObject({ stops: 1, ttsSockets: 1 });
  });

  test('changes nothing where the service ignores it', async () => {
    bench = await openBench({ tts: { speed: 10, stop: 'ignored' } });
    const voice = bench.voice();
    const speaking = voice.speak(long);
    await expect.poll(() => voice.bytesSoFar(), { interval: 5 }).toBeGreaterThan(0);
    await stop(voice.connection);
    expect(wordsIn((await speaking).pcm)).toBe(long);
  });

  test('by closing: the audio stops and nothing goes on in the service', async () => {
    bench = await openBench({ tts: { speed: 2 } });
    const voice = bench.voice();
    void voice.speak(long);
    await expect.poll(() => voice.bytesSoFar(), { interval: 5 }).toBeGreaterThan(0);
    voice.close();
    await expect.poll(() => bench.speech.counters().openTtsTurns).toBe(0);
    const { audioMsSpoken } = bench.speech.counters();
    expect(audioMsSpoken).toBeLessThan(1500);
  });
});

test('streamed text is spoken from its first sentence on', async () => {
  bench = await openBench();
  const voice = bench.voice();
  let goOn = (): void => undefined;
  const gate = new Promise<void>(resolve => {
    goOn = resolve;
  });
  async function* pieces(): AsyncGenerator<string> {
    yield 'Good mor';
    yield 'ning. And al';
    await gate;
    yield 'so wel';
    yield 'come';
  }
  const speaking = voice.speakPieces(pieces());
  // "Good morning. And" is said while "also" is not yet known.
  await expect.poll(() => voice.bytesSoFar()).toBeGreaterThan(16 * 2 * 700);
  goOn();
  const { pcm, words } = await speaking;
  expect(wordsIn(pcm)).toBe('Good morning. And also welcome');
  expect(words.filter(word => word.kind === 'WordBoundary').map(word => word.text)).toHaveLength(5);
});

test('50 texts are spoken at once, each its own', async () => {
  bench = await openBench({ tts: { speed: 20 } });
  const spoken = await Promise.all(Array.from({ length: 50 }, (_, i) => bench.voice().speak(`Caller number ${i}.`)));
  expect(spoken.map(({ pcm }) => wordsIn(pcm))).toEqual(spoken.map((_, i) => `Caller number ${i}.`));
});
