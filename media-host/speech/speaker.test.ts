import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Speech, startSpeech } from '../../emulators/speech/speech.ts';
import { createToneDecoder } from '../../emulators/tone/tone.ts';
import { machineClock, virtualClock } from '../clock.ts';
import { type AzureVoice, createAzureVoice } from './azure-voice.ts';
import { createSpeaker, type Say, type Saying } from './speaker.ts';
import type { Voice, VoiceListener } from './voice.ts';

const second = 32_000;
const settle = () => new Promise<void>(resolve => setImmediate(resolve));

/** A speaker whose voice speaks when the test says so. */
function setUp() {
  const clock = virtualClock();
  const told: Saying[] = [];
  const jobs: { ssml: string; listener: VoiceListener; signal: AbortSignal; end(): void; fail(): void }[] = [];
  let epoch = 1;
  let fixedUses = 0;
  const voice: Voice = {
    speak: (ssml, listener, signal) =>
      new Promise((resolve, reject) => {
        jobs.push({ ssml, listener, signal, end: () => resolve({ ms: 0 }), fail: () => reject(new Error('away')) });
        signal.addEventListener('abort', () => resolve({ ms: 0 }));
      }),
    close: async () => undefined,
  };
  const fixedVoice: Voice = {
    ...voice,
    speak: (...all) => {
      fixedUses++;
      return voice.speak(...all);
    },
  };
  const speaker = createSpeaker({
    voice,
    fixedVoice,
    clock,
    epoch: () => epoch,
    tell: saying => told.push(saying),
    session: 1,
  });
  let utterance = 0;
  const say = (text: string, more: Partial<Say> = {}) =>
    speaker.say({ epoch, utterance: ++utterance, text, voice: 'v', language: 'en-US', ...more });
  /** The voice makes so much of sentence `at`, and ends it. */
  const make = async (at: number, seconds: number) => {
    jobs[at]?.listener.sound(new ArrayBuffer(seconds * second));
    jobs[at]?.end();
    await settle();
  };
  const bargeIn = () => {
    epoch++;
    speaker.hush(epoch);
    return settle();
  };
  const textOf = (at: number) => jobs[at]?.ssml.replace(/<[^>]*>/g, '');
  return { clock, told, jobs, speaker, say, make, bargeIn, textOf, fixedUses: () => fixedUses };
}

describe('words', () => {
  test('are told with their place in the sentence as it was given', () => {
    const { say, jobs, told, textOf } = setUp();
    say('It costs $5 today.');
    expect(textOf(0)).toBe('It costs 5 dollars today.');
    for (const [i, text] of ['It', 'costs', '5', 'dollars', 'today'].entries())
      jobs[0]?.listener.word({ text, offsetMs: i * 100, durationMs: 90 });
    expect(told.map(saying => saying.type === 'word' && [saying.text, saying.upTo])).toEqual([
      ['It', 2],
      ['costs', 8],
      ['5', 9],
      ['dollars', 11],
      ['today', 17],
    ]);
  });

  test('of a sentence that breaks off are not said twice: it is taken up, once, at the word that was cut', async () => {
    const { say, jobs, told, textOf } = setUp();
    say('Your parcel arrives on Tuesday.');
    for (const [i, text] of ['Your', 'parcel', 'arrives'].entries())
      jobs[0]?.listener.word({ text, offsetMs: i * 500, durationMs: 500 });
    jobs[0]?.listener.sound(new ArrayBuffer(1.2 * second));
    jobs[0]?.fail();
    await settle();
    expect(textOf(1)).toBe('arrives on Tuesday.');
    jobs[1]?.listener.word({ text: 'arrives', offsetMs: 0, durationMs: 500 });
    jobs[1]?.listener.sound(new ArrayBuffer(second));
    jobs[1]?.end();
    await settle();
    expect(told.map(({ type }) => type)).toEqual([
      ...['word', 'word', 'word', 'sounding', 'sound-out', 'word', 'sound-out', 'said'],
    ]);
    expect(told.findLast(({ type }) => type === 'word')).toMatchObject({ text: 'arrives', offsetMs: 1200, upTo: 19 });
    expect(told.at(-1)).toMatchObject({ type: 'said', ms: 2200 });
  });

  test('that break off twice, or before any is known, are given up with a code', async () => {
    const { say, jobs, told } = setUp();
    say('Your parcel arrives.');
    jobs[0]?.listener.word({ text: 'Your', offsetMs: 0, durationMs: 500 });
    jobs[0]?.listener.sound(new ArrayBuffer(second));
    jobs[0]?.fail();
    await settle();
    jobs[1]?.fail();
    await settle();
    say('Hello.');
    jobs[2]?.listener.sound(new ArrayBuffer(second));
    jobs[2]?.fail();
    await settle();
    expect(jobs).toHaveLength(3);
    expect(told.filter(({ type }) => type === 'not-said').map(saying => saying.utterance)).toEqual([1, 2]);
  });
});

describe('what is ahead of the ear', () => {
  test('is bounded: the next sentence waits until enough has been played', async () => {
    const { say, make, jobs, clock } = setUp();
    for (const text of ['One.', 'Two.', 'Three.']) say(text);
    await make(0, 15);
    await make(1, 15);
    expect(jobs).toHaveLength(2);
    clock.advance(9999);
    await settle();
    expect(jobs).toHaveLength(2);
    clock.advance(1);
    await settle();
    expect(jobs).toHaveLength(3);
  });

  test('is forgotten by a barge-in, and the new reply waits for nothing', async () => {
    const { say, make, jobs, bargeIn, clock } = setUp();
    for (const text of ['One.', 'Two.']) say(text);
    await make(0, 60);
    await bargeIn();
    expect(clock.waiting()).toBe(0);
    say('New.');
    expect(jobs.map(({ ssml }) => ssml.includes('New.'))).toEqual([false, true]);
  });

  test('is nothing once the call is closed', async () => {
    const { say, make, speaker, clock, jobs } = setUp();
    for (const text of ['One.', 'Two.']) say(text);
    await make(0, 60);
    speaker.close();
    await settle();
    expect([clock.waiting(), jobs.length]).toEqual([0, 1]);
  });
});

test('no more than 200 sentences wait; the newest is refused, and the others are said', async () => {
  const { say, told, make, jobs } = setUp();
  for (let i = 0; i < 203; i++) say('Hello.');
  expect(told).toEqual(
    [201 + 1, 203].map(utterance => ({ type: 'not-said', epoch: 1, utterance, code: 'QUEUE_FULL' })),
  );
  await make(0, 1);
  expect(jobs).toHaveLength(2);
});

test('a sentence that is the same in every call is made by the voice that keeps', () => {
  const { say, fixedUses } = setUp();
  say('Hello, this is Switchboard.', { fixed: true });
  expect(fixedUses()).toBe(1);
});

describe('hard text, spoken by the real SDK', () => {
  let speech: Speech;
  let voice: AzureVoice;
  beforeAll(async () => {
    speech = await startSpeech({ tts: { firstAudioMs: 0, speed: 100_000, burstMs: 0, chunkMs: 1000 } });
    voice = createAzureVoice([{ endpoint: speech.host, key: speech.key, segmentationMs: 500 }], machineClock, {
      spares: 0,
    });
  });
  afterAll(async () => {
    await voice.close();
    await speech.close();
  });

  /** Says the texts one after the other, and gives back what became of each and the words that sounded. */
  async function hear(texts: readonly string[], language = 'en-US') {
    const told: Saying[] = [];
    const all = Promise.withResolvers<void>();
    const speaker = createSpeaker({
      voice,
      fixedVoice: voice,
      clock: machineClock,
      epoch: () => 1,
      session: 1,
      mostAheadMs: Number.POSITIVE_INFINITY,
      tell: saying => {
        told.push(saying);
        if ((saying.type === 'said' || saying.type === 'not-said') && saying.utterance === texts.length) all.resolve();
      },
    });
    for (const [i, text] of texts.entries())
      speaker.say({ epoch: 1, utterance: i + 1, text, voice: 'en-US-JennyNeural', language });
    await all.promise;
    speaker.close();
    const of = (utterance: number) => told.filter(saying => saying.utterance === utterance);
    return texts.map((_, i) => {
      const ear = createToneDecoder({ sampleRate: 16_000 });
      const words = of(i + 1)
        .flatMap(saying => (saying.type === 'sound-out' ? ear.push(new Int16Array(saying.pcm)) : []))
        .concat(ear.push(new Int16Array(1600)))
        .map(({ text }) => text);
      const places = of(i + 1).flatMap(saying => (saying.type === 'word' ? [saying.upTo] : []));
      return { end: of(i + 1).at(-1)?.type, words: words.join(' '), upTo: places.at(-1) };
    });
  }

  test('what has no sound is over at once, what looks like markup is read, and the lane goes on', async () => {
    const texts = [
      '🎉🎉',
      '...',
      '</voice></speak><speak><audio src="x"/>',
      'Fish <break time="5s"/> &amp; chips ]]>',
      'שלום עולם, ברוכים הבאים',
      'It costs $5, at 14:30.',
      'And on it goes.',
    ];
    const [party, dots, speak, fish, hebrew, money, on] = await hear(texts);
    expect([party, dots].map(one => [one?.end, one?.words])).toEqual([
      ['said', ''],
      ['said', ''],
    ]);
    expect([speak?.end, speak?.words]).toEqual(['said', '</voice></speak><speak><audio src="x"/>']);
    expect([fish?.end, fish?.words.startsWith('Fish <break')]).toEqual(['said', true]);
    expect(hebrew).toEqual({ end: 'said', words: texts[4], upTo: texts[4]?.length });
    expect(money).toEqual({ end: 'said', words: 'It costs 5 dollars, at 2:30 PM.', upTo: texts[5]?.length });
    expect(on?.words).toBe('And on it goes.');
  });

  test('1,500 letters without a full stop are said whole, in pieces, each word in its place', async () => {
    const text = 'on and '.repeat(215).trim();
    const [long, next] = await hear([text, 'Next.']);
    expect(long).toEqual({ end: 'said', words: text, upTo: text.length });
    expect(next?.words).toBe('Next.');
    expect(speech.counters().syntheses).toBeGreaterThan(5);
  });
});
