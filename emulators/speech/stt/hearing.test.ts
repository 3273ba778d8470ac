import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coughSound } from '../../caller/noises.ts';
import { createVoice } from '../../caller/voice/voice.ts';
import { encodeText } from '../../tone/tone.ts';
import { babble, joined, noise, RATE, seeded, tones, withNoise } from '../test-sounds.ts';
import { createHearer, type Hearing, type HearingRules } from './hearing.ts';

const rules: HearingRules = {
  sampleRate: RATE,
  segmentationSilenceMs: 500,
  initialSilenceMs: 0,
  longestPhraseMs: 60_000,
  hypothesisEveryMs: 300,
  unknownSpeech: 'no-match',
};

function hear(pcm: Int16Array, change: Partial<HearingRules> = {}, chunk = 320): Hearing[] {
  const hearer = createHearer({ ...rules, ...change });
  const out: Hearing[] = [];
  for (let at = 0; at < pcm.length; at += chunk) out.push(...hearer.push(pcm.subarray(at, at + chunk)));
  return [...out, ...hearer.finish()];
}

const types = (hearings: Hearing[]): string[] => hearings.map(hearing => hearing.type);
const phrases = (hearings: Hearing[]): string[] =>
  hearings.flatMap(hearing => (hearing.type === 'phrase' ? [hearing.words.map(word => word.text).join(' ')] : []));

test('a phrase is begun, guessed at, ended and told, in this order', () => {
  const out = hear(joined(300, tones('Hello there, Zoë!'), 600));
  expect([...new Set(types(out))]).toEqual(['speech-started', 'hypothesis', 'speech-ended', 'phrase']);
  expect(phrases(out)).toEqual(['Hello there, Zoë!']);
});

test('words are where they were said, to 3 ms', () => {
  const { words } = encodeText('Hello there.', { sampleRate: RATE });
  const out = hear(joined(300, tones('Hello there.'), 600));
  const phrase = out.find(hearing => hearing.type === 'phrase')!;
  phrase.words.forEach((word, i) => {
    expect(Math.abs(word.startSample - 4800 - words[i]!.startSample)).toBeLessThan(48);
    expect(Math.abs(word.endSample - 4800 - words[i]!.endSample)).toBeLessThan(48);
  });
});

test('the same audio gives the same answers in any chunks', () => {
  const audio = joined(130, tones('One two.'), 700, noise(200, 4000, seeded(5)), 700, tones('Three.'), 600);
  const whole = hear(audio);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), chunk => {
      expect(hear(audio, {}, chunk)).toEqual(whole);
    }),
    { numRuns: 15 },
  );
});

test('hypotheses grow by words and come at most every 300 ms of audio', () => {
  const hearer = createHearer(rules);
  const audio = joined(tones('a b c d e f g h i j k l'), 600);
  const told: { at: number; words: number }[] = [];
  for (let at = 0; at < audio.length; at += 80) {
    for (const hearing of hearer.push(audio.subarray(at, at + 80))) {
      if (hearing.type === 'hypothesis') told.push({ at: at / 16, words: hearing.words.length });
    }
  }
  expect(told.length).toBeGreaterThan(4);
  told.slice(1).forEach(({ at, words }, i) => {
    expect(at - told[i]!.at).toBeGreaterThanOrEqual(300);
    expect(words).toBeGreaterThan(told[i]!.words);
  });
});

test('silence as long as asked parts phrases; a shorter one does not', () => {
  const audio = joined(tones('One.'), 400, tones('Two.'), 900);
  expect(phrases(hear(audio))).toEqual(['One. Two.']);
  expect(phrases(hear(audio, { segmentationSilenceMs: 300 }))).toEqual(['One.', 'Two.']);
});

test('a phrase that never ends is cut at its longest, losing no word', () => {
  const words = Array.from({ length: 30 }, (_, i) => `w${i}`);
  const parts = phrases(hear(joined(tones(words.join(' ')), 600), { longestPhraseMs: 2000 }));
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.join(' ')).toBe(words.join(' '));
});

test('the end of the audio ends the phrase at once', () => {
  expect(phrases(hear(tones('Hello you.')))).toEqual(['Hello you.']);
});

describe('sound without words', () => {
  test('is a NoMatch with its place, and no hypothesis', () => {
    const out = hear(joined(400, noise(250, 5000, seeded(1)), 700));
    expect(types(out)).toEqual(['speech-started', 'speech-ended', 'no-match']);
    const last = out.at(-1);
    expect(last).toMatchObject({ why: 'NoMatch', start: 400 * 16 });
    expect(hear(joined(400, babble(1200, 3), 700)).at(-1)).toMatchObject({ type: 'no-match' });
  });

  test('is nothing when it is only a click', () => {
    expect(types(hear(joined(400, noise(20, 9000, seeded(1)), 900)))).toEqual([]);
  });

  test('becomes a fixed text when so wished', () => {
    const out = hear(joined(400, babble(1000, 3), 700), { unknownSpeech: { text: 'I want my parcel.' } });
    expect(phrases(out)).toEqual(['I want my parcel.']);
  });

  test('steady hiss behind a voice neither holds the phrase open nor hides its words', () => {
    const random = seeded(9);
    const audio = withNoise(joined(2500, tones('Hello there my friend.'), 3000), 12, random);
    expect(phrases(hear(audio))).toEqual(['Hello there my friend.']);
  });
});

test('silence is told every time its patience is over, but not while someone speaks', () => {
  const out = hear(joined(2100, tones('Hello.'), 1600), { initialSilenceMs: 1000 });
  expect(types(out)).toEqual([
    ...['speech-ended', 'no-match', 'speech-ended', 'no-match'],
    ...['speech-started', 'hypothesis', 'speech-ended', 'phrase'],
    ...['speech-ended', 'no-match'],
  ]);
  expect(out[1]).toMatchObject({ why: 'InitialSilenceTimeout', start: 0, end: 16_000 });
});

describe('callers with a voice', () => {
  const caller = createVoice({ kind: 'speech', seed: 3 });
  const agent = tones('Your parcel will arrive on Tuesday.').map(sample => sample / 8);

  test('are understood; a guess comes as soon as the first word is over', () => {
    const { pcm, words } = caller.say('Where is my parcel?', 0);
    const hearer = createHearer(rules);
    const audio = joined(200, pcm, 700);
    let guessedAt = Number.POSITIVE_INFINITY;
    const out: Hearing[] = [];
    for (let at = 0; at < audio.length; at += 80) {
      const told = hearer.push(audio.subarray(at, at + 80));
      if (told.some(hearing => hearing.type === 'hypothesis')) guessedAt = Math.min(guessedAt, at + 80);
      out.push(...told);
    }
    expect(phrases(out)).toEqual(['Where is my parcel?']);
    const nextWord = 200 * 16 + words[1]!.startSample;
    expect(guessedAt).toBeGreaterThan(nextWord - 240);
    expect(guessedAt).toBeLessThan(nextWord + 240);
    expect(out.find(hearing => hearing.type === 'speech-started')).toEqual({ type: 'speech-started', at: 3200 });
  });

  test('who pause are still in their phrase while the pause is shorter than asked', () => {
    const { pcm } = caller.say(['I want', 400, 'um', 700, 'to pay.'], 0);
    expect(phrases(hear(joined(pcm, 700)))).toEqual(['I want um', 'to pay.']);
  });

  test('are heard beside the echo of the agent, in the order of the words', () => {
    const own = caller.say('No stop.', 0).pcm;
    const late = agent.length + 3200;
    const audio = joined(agent, 200, own, 700);
    expect(phrases(hear(audio))).toEqual(['Your parcel will arrive on Tuesday. No stop.']);
    const both = joined(agent, 1500);
    for (let i = 0; i < own.length; i += 1) both[late - 16_000 + i]! += own[i]!;
    const [phrase] = phrases(hear(both));
    expect(phrase).toMatch(/^Your parcel .*No stop\.$/);
  });

  test('who cough have said nothing', () => {
    for (const kind of ['cough', 'throat', 'sneeze'] as const) {
      const out = hear(joined(300, coughSound(320, kind, 4), 700));
      expect(types(out).filter(type => type === 'hypothesis' || type === 'phrase')).toEqual([]);
    }
    expect(hear(joined(300, coughSound(320, 'cough', 4), 700)).at(-1)).toMatchObject({
      type: 'no-match',
      why: 'NoMatch',
    });
  });
});

test('words are heard at 8 and 24 kHz as well', () => {
  for (const sampleRate of [8000, 24_000]) {
    const { pcm } = encodeText('Hello there.', { sampleRate });
    const padded = new Int16Array(pcm.length + sampleRate);
    padded.set(pcm, sampleRate / 4);
    expect(phrases(hear(padded, { sampleRate }))).toEqual(['Hello there.']);
  }
});
