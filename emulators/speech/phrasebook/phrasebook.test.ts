import { describe, expect, test } from 'vitest';
import { createHearer, type Hearing } from '../stt/hearing.ts';
import { babble, joined, noise, RATE, resampled, scaled, seeded, tones, withNoise } from '../test-sounds.ts';
import { createPhrasebook } from './phrasebook.ts';

const SENTENCES = ["I'm calling about my policy.", 'Thank you, that was helpful.', 'Hi there, I have a question.'];
/** All of one length, with a pause inside longer than a phrase's end, and silence around. */
const takes = SENTENCES.map((_, i) => joined(180 + i * 37, babble(1000, 20 + i), 600, babble(800, 40 + i), 200));
const book = createPhrasebook();
takes.forEach((pcm, i) => {
  book.add({ name: `take ${i}`, words: SENTENCES[i]!, pcm });
});

function hear(pcm: Int16Array, sampleRate = RATE, known = book): { at: number; hearing: Hearing }[] {
  const hearer = createHearer({
    sampleRate,
    segmentationSilenceMs: 500,
    initialSilenceMs: 0,
    longestPhraseMs: 60_000,
    hypothesisEveryMs: 300,
    unknownSpeech: 'no-match',
    ear: known.ear(sampleRate),
  });
  const audio = resampled(joined(resampled(pcm, sampleRate, RATE), 900), RATE, sampleRate);
  const chunk = sampleRate / 50;
  const out: { at: number; hearing: Hearing }[] = [];
  for (let at = 0; at < audio.length; at += chunk) {
    for (const hearing of hearer.push(audio.subarray(at, at + chunk))) out.push({ at: hearer.position, hearing });
  }
  return out;
}

function understood(pcm: Int16Array, sampleRate = RATE, known = book): string[] {
  return hear(pcm, sampleRate, known).flatMap(({ hearing }) => {
    if (hearing.type === 'phrase') return [hearing.words.map(word => word.text).join(' ')];
    return hearing.type === 'no-match' ? ['-'] : [];
  });
}

test('a recording is understood by its sound, and told apart from others of its length', () => {
  takes.forEach((take, i) => {
    expect(understood(take)).toEqual([SENTENCES[i]]);
  });
});

describe('it is understood', () => {
  test('from any moment on, at any chunk', () => {
    for (const lead of [0, 3, 11.5, 77]) expect(understood(joined(lead, takes[0]!))).toEqual([SENTENCES[0]]);
  });

  test('12 dB softer and louder', () => {
    for (const gain of [0.25, 4]) {
      for (const [i, take] of takes.entries()) expect(understood(scaled(take, gain))).toEqual([SENTENCES[i]]);
    }
  });

  test('behind noise 20 dB below', () => {
    const random = seeded(2);
    takes.forEach((take, i) => {
      expect(understood(withNoise(joined(1600, take), 20, random)).filter(text => text !== '-')).toEqual([
        SENTENCES[i],
      ]);
    });
  });

  test('after resampling, and by recognizers at 8 and 24 kHz', () => {
    expect(understood(resampled(resampled(takes[1]!, RATE, 24_000), 24_000, RATE))).toEqual([SENTENCES[1]]);
    expect(understood(resampled(takes[1]!, RATE, 24_000), 24_000)).toEqual([SENTENCES[1]]);
    expect(understood(resampled(takes[1]!, RATE, 8000), 8000)).toEqual([SENTENCES[1]]);
  });

  test('right after a cough, and between words in tone code', () => {
    expect(understood(joined(noise(200, 5000, seeded(4)), 30, takes[2]!))).toEqual([SENTENCES[2]]);
    expect(understood(joined(tones('Hello.'), takes[2]!, tones('Bye.')))).toEqual([`Hello. ${SENTENCES[2]} Bye.`]);
  });
});

test('its words come one by one while it plays, and the phrase when it is over', () => {
  const heard = hear(takes[0]!);
  const partials = heard.flatMap(({ at, hearing }) =>
    hearing.type === 'hypothesis' ? [{ at, words: hearing.words.length }] : [],
  );
  expect(partials.length).toBeGreaterThanOrEqual(3);
  const startSample = 180 * 16;
  for (const { at, words } of partials.slice(1)) {
    const share = (at - startSample) / (2400 * 16);
    expect(Math.abs(words / 5 - share)).toBeLessThan(0.4);
  }
  const phrase = heard.find(({ hearing }) => hearing.type === 'phrase')!;
  expect(phrase.at / 16).toBeGreaterThan(180 + 2400 + 450);
  expect(phrase.at / 16).toBeLessThan(180 + 2400 + 620);
});

test('a recording cut off gives the words that were played', () => {
  const [text] = understood(takes[0]!.subarray(0, 1150 * 16));
  expect(text).toBe("I'm calling");
});

test('speech that is not in the book is no match, were it ever so like', () => {
  for (const seed of [70, 71, 72]) expect(understood(joined(100, babble(1800, seed), 100))).toEqual(['-']);
  expect(understood(takes[0]!.slice().reverse()).every(text => text === '-')).toBe(true);
  expect(understood(tones('Only tone code here, nothing else.'))).toEqual(['Only tone code here, nothing else.']);
});

test('of two recordings that begin alike, the one that ends with the sound is understood', () => {
  const both = createPhrasebook();
  both.add({ name: 'long', words: 'Can you help me?', pcm: joined(babble(1400, 8), 100) });
  both.add({ name: 'short', words: 'Can you?', pcm: joined(babble(600, 8), 100) });
  expect(understood(joined(100, babble(600, 8), 200), RATE, both)).toEqual(['Can you?']);
  expect(understood(joined(100, babble(1400, 8), 200), RATE, both)).toEqual(['Can you help me?']);
});

test('a recording needs sound and words', () => {
  expect(() => book.add({ name: 'mute', words: 'x', pcm: new Int16Array(16_000) })).toThrow('no sound');
  expect(() => book.add({ name: 'wordless', words: ' ', pcm: babble(500, 1) })).toThrow('no words');
});
