import * as sdk from 'microsoft-cognitiveservices-speech-sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { encodeText } from '../tone/tone.ts';
import { toMuLaw } from './g711.ts';
import { type Bench, openBench } from './test-bench.ts';
import { babble, joined, noise, seeded, tones } from './test-sounds.ts';

let bench: Bench;
afterEach(() => bench.close());

const SENTENCE = 'Your appointment is on Tuesday at nine.';

test('offset and duration are exact, counted from the first sample', async () => {
  bench = await openBench();
  const ears = bench.ears();
  await ears.start();
  ears.hear(joined(437, tones(SENTENCE), 900));
  const final = await ears.next('final');
  expect(final.text).toBe(SENTENCE);
  expect(Math.abs(final.offsetMs - 437)).toBeLessThan(3);
  expect(Math.abs(final.durationMs - (tones(SENTENCE).length / 16 - 10))).toBeLessThan(4);
  expect(ears.texts('partial').at(-1)).toBe('your appointment is on tuesday at nine');
  expect(ears.told.map(told => told.type).slice(-2)).toEqual(['end', 'final']);
});

test('the client chooses the silence that ends a phrase', async () => {
  bench = await openBench();
  const ears = bench.ears(config => config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, '200'));
  await ears.start();
  ears.hear(joined(tones('One.'), 300, tones('Two.'), 300));
  await ears.next('final', 2);
  expect(ears.texts('final')).toEqual(['One.', 'Two.']);
});

test('a turn per phrase: the SDK opens the next turn, sends the rest again, and no word is lost', async () => {
  bench = await openBench({ stt: { turns: 'per-phrase', finalDelayMs: 40 } });
  const ears = bench.ears();
  await ears.start();
  const texts = ['One two.', 'Three four.', 'Five.'];
  ears.hear(joined(...texts.flatMap(text => [tones(text), 800])));
  ears.line();
  const third = await ears.next('final', 3);
  expect(ears.texts('final')).toEqual(texts);
  const before = tones(texts[0]!).length / 16 + tones(texts[1]!).length / 16 + 1600;
  // The SDK sends the chunk it was waiting for (100 ms) ahead of the audio it sends again: later by up to one a turn.
  expect(third.offsetMs - before).toBeGreaterThan(-5);
  expect(third.offsetMs - before).toBeLessThan(205);
  expect(bench.speech.counters().sttTurns).toBeGreaterThanOrEqual(3);
  expect(ears.texts('session-stopped')).toEqual([]);
});

describe.each(['close', 'abort'] as const)('a socket lost in mid-phrase (%s)', how => {
  test('is replaced, the audio comes again and no word is lost', async () => {
    bench = await openBench();
    const ears = bench.ears();
    await ears.start();
    ears.hear(joined(100, tones('First one.'), 900));
    await ears.next('final');
    bench.speech.setFaults({ stt: { [how]: { atMs: 2000, times: 1 } } });
    ears.hear(joined(200, tones(SENTENCE), 900));
    ears.line();
    const final = await ears.next('final', 2);
    expect(final.text).toBe(SENTENCE);
    expect(Math.abs(final.offsetMs - (100 + tones('First one.').length / 16 + 900 + 200))).toBeLessThan(5);
    expect(bench.speech.counters()).toMatchObject({ sttSockets: 2, faults: { [`stt.${how}`]: 1 } });
  });
});

describe('sound without words', () => {
  test('is a NoMatch, after which recognition goes on', async () => {
    bench = await openBench();
    const ears = bench.ears();
    await ears.start();
    ears.hear(joined(300, noise(220, 5000, seeded(3)), 700, tones('Hello.'), 700));
    await ears.next('final');
    expect(ears.told.find(told => told.type === 'no-match')).toMatchObject({ detail: 'NotRecognized', offsetMs: 300 });
    expect(ears.texts('partial')).toEqual(['hello']);
    expect(bench.speech.counters()).toMatchObject({ noMatches: 1, phrases: 1 });
  });

  test('in the detailed format does not end the SDK', async () => {
    bench = await openBench({ stt: { initialSilenceMs: 1000 } });
    const ears = bench.ears(config => {
      config.outputFormat = sdk.OutputFormat.Detailed;
    });
    await ears.start();
    ears.hear(joined(1200, tones('Hello.'), 700));
    expect(await ears.next('no-match')).toMatchObject({
      detail: 'InitialSilenceTimeout',
      offsetMs: 0,
      durationMs: 1000,
    });
    await ears.next('final');
  });
});

test('recorded speech from the phrasebook is understood', async () => {
  const recording = babble(1500, 5);
  bench = await openBench({ phrasebook: [{ name: 'policy', words: "I'm calling about my policy.", pcm: recording }] });
  const ears = bench.ears();
  await ears.start();
  ears.hear(joined(210, recording, 800));
  const final = await ears.next('final');
  expect(final.text).toBe("I'm calling about my policy.");
  expect(Math.abs(final.offsetMs - 210)).toBeLessThan(60);
  expect(ears.texts('partial')[0]).toMatch(/^i'm/);
});

test('telephone audio (mu-law, 8 kHz) and 24 kHz are heard', async () => {
  bench = await openBench();
  const narrow = bench.ears(undefined, sdk.AudioStreamFormat.getWaveFormat(8000, 8, 1, sdk.AudioFormatTag.MuLaw));
  await narrow.start();
  const line = encodeText('Hello there.', { sampleRate: 8000 }).pcm;
  narrow.hear(Uint8Array.from([...line, ...new Int16Array(6400)], toMuLaw));
  expect((await narrow.next('final')).text).toBe('Hello there.');
  const wide = bench.ears(undefined, sdk.AudioStreamFormat.getWaveFormatPCM(24_000, 16, 1));
  await wide.start();
  wide.hear(encodeText('Hello there.', { sampleRate: 24_000 }).pcm);
  wide.hear(new Int16Array(19_200));
  expect((await wide.next('final')).text).toBe('Hello there.');
});

test('single-shot recognition gets its phrase', async () => {
  bench = await openBench();
  const audio = sdk.AudioInputStream.createPushStream(sdk.AudioStreamFormat.getWaveFormatPCM(16_000, 16, 1));
  audio.write(joined(200, tones('Just once.'), 900).buffer as ArrayBuffer);
  const recognizer = new sdk.SpeechRecognizer(bench.config(), sdk.AudioConfig.fromStreamInput(audio));
  const result = await new Promise<sdk.SpeechRecognitionResult>((resolve, reject) =>
    recognizer.recognizeOnceAsync(resolve, reject),
  );
  expect(result.text).toBe('Just once.');
  recognizer.close();
});

test('with language detection, results say the language', async () => {
  bench = await openBench();
  const audio = sdk.AudioInputStream.createPushStream(sdk.AudioStreamFormat.getWaveFormatPCM(16_000, 16, 1));
  const languages = sdk.AutoDetectSourceLanguageConfig.fromLanguages(['de-DE', 'en-GB']);
  const recognizer = sdk.SpeechRecognizer.FromConfig(bench.config(), languages, sdk.AudioConfig.fromStreamInput(audio));
  audio.write(joined(200, tones('Guten Tag.'), 900).buffer as ArrayBuffer);
  const result = await new Promise<sdk.SpeechRecognitionResult>((resolve, reject) =>
    recognizer.recognizeOnceAsync(resolve, reject),
  );
  expect(result).toMatchObject({ text: 'Guten Tag.', language: 'de-DE' });
  recognizer.close();
});

test('a timeline says what the script says, chosen by the client', async () => {
  const timeline = [
    { atMs: 400, say: 'hypothesis' as const, text: 'i want' },
    { atMs: 800, say: 'hypothesis' as const, text: 'i want to pay' },
    { atMs: 1200, say: 'phrase' as const, text: 'I want to pay.' },
    { atMs: 1500, say: 'no-match' as const },
  ];
  bench = await openBench({ stt: { timelines: { paying: timeline } } });
  const ears = bench.ears(config =>
    config.setServiceProperty('scenario', 'paying', sdk.ServicePropertyChannel.UriQueryParameter),
  );
  await ears.start();
  ears.hear(new Int16Array(32_000));
  await ears.next('no-match');
  expect(ears.texts('partial')).toEqual(['i want', 'i want to pay']);
  expect(await ears.next('final')).toMatchObject({ text: 'I want to pay.', offsetMs: 0, durationMs: 1200 });
});

test('words can be put into its mouth', async () => {
  bench = await openBench();
  const ears = bench.ears();
  await ears.start();
  expect(bench.speech.inject('phrase', 'Too early.')).toBe(0);
  ears.hear(new Int16Array(32_000));
  await expect.poll(() => bench.speech.counters().audioMsHeard).toBe(2000);
  expect(bench.speech.inject('hypothesis', 'i was')).toBe(1);
  expect(bench.speech.inject('phrase', 'I was injected.')).toBe(1);
  expect(await ears.next('final')).toMatchObject({ text: 'I was injected.', offsetMs: 1000 });
});

test('20 recognizers at once each hear their own', async () => {
  bench = await openBench();
  const all = Array.from({ length: 20 }, () => bench.ears());
  await Promise.all(all.map(ears => ears.start()));
  all.forEach((ears, i) => {
    ears.hear(joined(i * 10, tones(`Caller number ${i}.`), 800));
  });
  const finals = await Promise.all(all.map(ears => ears.next('final')));
  expect(finals.map(final => final.text)).toEqual(all.map((_, i) => `Caller number ${i}.`));
});
