import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CallError } from '../../contracts/error.ts';
import { type Speech, startSpeech } from '../../emulators/speech/speech.ts';
import { encodeText } from '../../emulators/tone/tone.ts';
import { type Clock, machineClock } from '../clock.ts';
import type { SpeechAddress } from './azure-config.ts';
import { type AzureEars, type AzureEarsOptions, createAzureEars } from './azure-ears.ts';
import { type AzureVoice, createAzureVoice } from './azure-voice.ts';
import { give, listen } from './speech.conformance.ts';
import { speechMarkup } from './ssml.ts';

/** Two services in two places, and a clock that runs eight times as fast as the machine's. */
let here: Speech;
let there: Speech;
const opened: (AzureEars | AzureVoice)[] = [];

beforeAll(async () => {
  [here, there] = await Promise.all([
    startSpeech({ stt: { finalDelayMs: 0 }, tts: { firstAudioMs: 0, speed: 1000 } }),
    startSpeech({ stt: { finalDelayMs: 0 }, tts: { firstAudioMs: 0, speed: 1000 } }),
  ]);
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  // What one test leaves must not meet the faults of the next.
  await expect
    .poll(() => [here, there].flatMap(speech => [sockets(speech, 'stt'), sockets(speech, 'tts')]))
    .toEqual([0, 0, 0, 0]);
  here.reset();
  there.reset();
});
afterAll(() => Promise.all([here.close(), there.close()]));

const began = Date.now();
const hurried: Clock = {
  now: () => began + (Date.now() - began) * 8,
  monotonicUs: machineClock.monotonicUs,
  after: (ms, run) => machineClock.after(ms / 8, run),
};
const address = (speech: Speech): SpeechAddress => ({ endpoint: speech.host, key: speech.key, segmentationMs: 500 });
const both = () => [address(here), address(there)];
const silence = () => new Int16Array(16_000);
const hearable = (text: string) => encodeText(text, { sampleRate: 16_000 }).pcm;
const framesOf = (pcm: Int16Array) =>
  Array.from({ length: Math.ceil(pcm.length / 320) }, (_, i) => pcm.subarray(i * 320, (i + 1) * 320));
const once = (clock: Clock, ms: number) => new Promise<void>(resolve => void clock.after(ms, resolve));
const sockets = (speech: Speech, service: 'stt' | 'tts') =>
  speech.sessions().filter(session => session.service === service && session.closedWith === undefined).length;

function openEars(addresses: readonly SpeechAddress[], options: AzureEarsOptions = {}) {
  const ears = createAzureEars(addresses, hurried, { random: () => 0.5, spares: 0, ...options });
  opened.push(ears);
  return ears;
}

function openVoice(addresses: readonly SpeechAddress[], clock = hurried) {
  const voice = createAzureVoice(addresses, clock, { random: () => 0.5, spares: 0 });
  opened.push(voice);
  const say = async (text: string, session?: number) => {
    let bytes = 0;
    const ssml = speechMarkup({ text, voice: 'en-US-JennyNeural', language: 'en-US' });
    const sound = (pcm: ArrayBuffer) => {
      bytes += pcm.byteLength;
    };
    await voice.speak(ssml, { sound, word: () => undefined }, new AbortController().signal, session);
    return bytes;
  };
  return { voice, say };
}

const sentence = 'My policy number is four four seven one.';

test('where one place refuses, recognition goes to the other, and no word is lost', async () => {
  here.setFaults({ stt: { refuse: { status: 503 } } });
  const { ears, finals, heard } = listen(openEars(both()).open);
  give(ears, hearable(sentence));
  give(ears, silence());
  await heard(1);
  expect(finals.map(final => final.text)).toEqual([sentence]);
  expect([here.counters().sttSockets, there.counters().sttSockets > 0]).toEqual([0, true]);
  await ears.close();
});

test('a place that is well again is used again, though no caller tried it', async () => {
  const first = openEars(both());
  here.setFaults({ stt: { refuse: { status: 503 } } });
  const away = listen(first.open);
  give(away.ears, hearable('Hello.'));
  give(away.ears, silence());
  await away.heard(1);
  here.setFaults({ stt: { refuse: null } });
  await expect.poll(() => first.gauges().find(({ route }) => route === 0)?.spare).toBe(1);
  const opened = there.counters().sttSockets;
  const back = listen(first.open);
  give(back.ears, hearable('Back again.'));
  give(back.ears, silence());
  await back.heard(1);
  expect(here.counters().sttSockets).toBeGreaterThan(0);
  expect(there.counters().sttSockets).toBe(opened);
  await Promise.all([away.ears.close(), back.ears.close()]);
});

test('an outage in mid-sentence is told once, and once when it is over; the sentence is whole and told once', async () => {
  const { ears, finals, partials, lost, heard, failed, recovered } = listen(openEars([address(here)]).open);
  const pcm = hearable(sentence);
  give(ears, pcm.subarray(0, pcm.length / 2));
  await expect.poll(() => partials.length).toBeGreaterThan(0);
  const before = lost.length;
  here.setFaults({ stt: { refuse: { status: 503 } } });
  here.closeSockets({ abort: true }, { service: 'stt' });
  await failed(before + 1);
  give(ears, pcm.subarray(pcm.length / 2));
  give(ears, silence());
  here.setFaults({ stt: { refuse: null } });
  await recovered(before + 1);
  await heard(1);
  expect(finals.map(final => final.text)).toEqual([sentence]);
  expect(lost).toHaveLength(before + 1);
  await ears.close();
});

test('connections that are cut under running sound stop nothing else, and every caller is understood', async () => {
  const all = openEars([address(here)]);
  const callers = Array.from({ length: 6 }, () => listen(all.open));
  const frames = framesOf(hearable(sentence));
  const cutAt = Math.floor(frames.length / 2);
  for (const [i, frame] of frames.entries()) {
    for (const { ears } of callers) ears.hear(frame.slice().buffer);
    if (i === cutAt) {
      here.setFaults({ stt: { refuse: { status: 503 } } });
      here.closeSockets({ abort: true }, { service: 'stt' });
    }
    await once(machineClock, 5);
  }
  here.setFaults({ stt: { refuse: null } });
  for (const { ears, heard } of callers) {
    give(ears, silence());
    await heard(1);
  }
  expect(callers.map(({ finals }) => finals.map(({ text }) => text).join(' '))).toEqual(callers.map(() => sentence));
  for (const { ears } of callers) await ears.close();
}, 20_000);

test.each([
  ['takes sound and says nothing', { stall: { atMs: 0, times: 1 } }],
  ['breaks off without a sign where a phrase ends', { malformed: { times: 1 } }],
])('a service that %s is replaced, and the sentence is heard', async (_, fault) => {
  here.setFaults({ stt: fault });
  const mine = openEars([address(here)], { processingTimeoutMs: 2000 });
  const { ears, finals, heard } = listen(mine.open);
  give(ears, hearable(sentence));
  give(ears, silence());
  await heard(1);
  expect(finals.map(final => final.text)).toEqual([sentence]);
  expect(mine.gauges()[0]?.made).toBeGreaterThan(1);
  await ears.close();
});

test('a recogniser that has only waited is not taken for mute, one that found no phrase for five minutes is replaced', async () => {
  let skipped = 0;
  const clock = { ...machineClock, now: () => Date.now() + skipped };
  const mine = createAzureEars([address(here)], clock, { spares: 0 });
  opened.push(mine);
  const { ears, finals, heard } = listen(mine.open);
  await expect.poll(() => here.counters().sttSockets).toBe(1);
  skipped += 4000;
  give(ears, hearable('Hello.'));
  give(ears, silence());
  await heard(1);
  expect(mine.gauges()[0]?.made).toBe(1);
  give(ears, silence());
  skipped += 300_000;
  await expect.poll(() => mine.gauges()[0]?.made).toBe(2);
  give(ears, hearable(sentence));
  give(ears, silence());
  await heard(2);
  expect(finals.map(final => final.text)).toEqual(['Hello.', sentence]);
  await ears.close();
});

test('ears that are renewed in mid-sentence say it whole, and once', async () => {
  const { ears, finals, partials, heard } = listen(openEars([address(here)]).open);
  const pcm = hearable(sentence);
  give(ears, pcm.subarray(0, pcm.length / 2));
  await expect.poll(() => partials.length).toBeGreaterThan(0);
  ears.renew();
  give(ears, pcm.subarray(pcm.length / 2));
  give(ears, silence());
  await heard(1);
  give(ears, hearable('And this.'));
  give(ears, silence());
  await heard(2);
  expect(finals.map(final => final.text)).toEqual([sentence, 'And this.']);
  await ears.close();
});

test('ears that change their language in mid-sentence hear all of it in the new one, once', async () => {
  const { ears, finals, partials, heard } = listen(openEars([address(here)]).open);
  const pcm = hearable(sentence);
  give(ears, pcm.subarray(0, pcm.length / 2));
  await expect.poll(() => partials.length).toBeGreaterThan(0);
  ears.relisten({ language: 'es-ES', phrases: ['paquete'] });
  // The same once more changes nothing.
  ears.relisten({ language: 'es-ES', phrases: ['paquete'] });
  give(ears, pcm.subarray(pcm.length / 2));
  give(ears, silence());
  await heard(1);
  expect(finals.map(final => final.text)).toEqual([sentence]);
  const languages = here.sessions().map(({ url }) => /language=([\w-]+)/.exec(url)?.[1]);
  expect(languages).toEqual(['en-US', 'es-ES']);
  await ears.close();
});

test('ears that change their language before they hear at all begin with it', async () => {
  const { ears, finals, heard } = listen(openEars([address(here)]).open);
  ears.relisten({ language: 'de-DE', phrases: [] });
  give(ears, hearable('Guten Tag.'));
  give(ears, silence());
  await heard(1);
  expect(finals.map(final => final.text)).toEqual(['Guten Tag.']);
  const used = here.sessions().filter(({ audioMs }) => audioMs > 0);
  expect(used.map(({ url }) => /language=([\w-]+)/.exec(url)?.[1])).toEqual(['de-DE']);
  await ears.close();
});

test('a call that finds all recognisers in use is told, and hears when one comes free', async () => {
  const mine = openEars([address(here)], { most: 1 });
  const one = listen(mine.open);
  const two = listen(mine.open);
  give(two.ears, hearable(sentence));
  give(two.ears, silence());
  await two.failed(1);
  expect(two.lost).toEqual(['SPEECH_POOL_EXHAUSTED']);
  expect(mine.gauges()[0]).toMatchObject({ inUse: 1, made: 1, refused: expect.any(Number) });
  await one.ears.close();
  await two.heard(1);
  expect(two.finals[0]?.text).toBe(sentence);
  await two.ears.close();
});

test('where one place refuses, sentences are made at the other, and after two failures at once there', async () => {
  here.setFaults({ tts: { refuse: { status: 503 } } });
  const { say } = openVoice(both(), machineClock);
  for (const text of ['One.', 'Two.', 'Three.', 'Four.']) expect(await say(text)).toBeGreaterThan(0);
  expect(here.counters().faults['tts.refuse']).toBe(2);
});

test('a place that is well again makes sentences again, though no caller tried it', async () => {
  here.setFaults({ tts: { refuse: { status: 503 } } });
  const { say, voice } = openVoice(both(), hurried);
  for (const text of ['One.', 'Two.']) await say(text);
  here.setFaults({ tts: { refuse: null } });
  await expect.poll(() => voice.gauges()[0]?.spare).toBeGreaterThan(0);
  const spokenThere = there.counters().syntheses;
  await say('Three.');
  expect([here.counters().syntheses, there.counters().syntheses]).toEqual([1, spokenThere]);
});

test('a sentence that can be made nowhere fails with its cure, and the next is made when a place is back', async () => {
  for (const speech of [here, there]) speech.setFaults({ tts: { refuse: { status: 429 } } });
  const { say } = openVoice(both());
  const error = await say('Hello.').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CallError);
  expect((error as CallError).code).toBe('SPEECH_UNAVAILABLE');
  there.setFaults({ tts: { refuse: null } });
  expect(await say('Hello.')).toBeGreaterThan(0);
});

test('a call keeps its synthesiser from sentence to sentence', async () => {
  const { say, voice } = openVoice([address(here)]);
  for (const session of [1, 2, 1, 2, 1]) await say('Hello.', session);
  expect(voice.gauges()[0]).toMatchObject({ made: 1, inUse: 0, spare: 1 });
  await Promise.all([say('Hello.', 1), say('Hello.', 2)]);
  for (const session of [2, 1, 2]) await say('Hello.', session);
  const { kept, warm, cold } = voice.gauges()[0] ?? { kept: 0, warm: 0, cold: 0 };
  expect({ cold, all: kept + warm + cold }).toEqual({ cold: 2, all: 10 });
  expect(kept).toBeGreaterThanOrEqual(4);
  expect(sockets(here, 'tts')).toBe(2);
});
