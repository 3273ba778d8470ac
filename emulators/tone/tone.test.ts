import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checksum, WORD_END, WORD_START } from './alphabet.ts';
import { createEveryBandDecoder, createToneDecoder, encodeText, type ToneWord, wordsOf } from './tone.ts';

const SENTENCE = 'Good morning, your parcel 4711 — “Zoë’s yellow lamp” — costs £20.50 and arrives on Tuesday at nine.';
const WORDS = SENTENCE.split(' ');

describe('a text', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map(text => wordsOf(text).join(''))
    .filter(text => text !== '');

  test('comes back word for word, whatever its letters', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), words => {
        expect(heard(encodeText(words.join(' '), { sampleRate: 16_000 }).pcm)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  test('comes back at 8, 24 and 48 kHz too', () => {
    for (const sampleRate of [8000, 24_000, 48_000]) {
      expect(heard(encodeText(SENTENCE, { sampleRate }).pcm, sampleRate)).toEqual(WORDS);
    }
  });

  test('is heard where it sounds, within 2 ms', () => {
    for (const sampleRate of [8000, 16_000, 24_000]) {
      const { pcm, words } = encodeText(SENTENCE, { sampleRate });
      const lead = new Int16Array(Math.round(sampleRate * 0.7313));
      const found = decode(concat(lead, pcm, new Int16Array(800)), sampleRate);
      expect(found).toHaveLength(words.length);
      found.forEach((word, index) => {
        const truth = words[index]!;
        expect(Math.abs(word.startSample - lead.length - truth.startSample)).toBeLessThan(sampleRate * 0.002);
        expect(Math.abs(word.endSample - lead.length - truth.endSample)).toBeLessThan(sampleRate * 0.002);
      });
    }
  });

  test('loses its control characters, which are framing, and nothing else', () => {
    expect(heard(encodeText('\u0002he\u0003llo\t wor\u0007ld ', { sampleRate: 16_000 }).pcm)).toEqual([
      'hello',
      'world',
    ]);
    expect(encodeText(' \n ', { sampleRate: 16_000 })).toEqual({ pcm: new Int16Array(0), words: [] });
  });
});

test('no checksum looks like framing, and "yellow", whose checksum did, is heard', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 8 }), bytes => {
      expect([WORD_START, WORD_END]).not.toContain(checksum(bytes));
    }),
    { numRuns: 2000 },
  );
  const moved = Array.from({ length: 4000 }, (_, i) => `w${i}`).filter(word => {
    const value = checksum(new TextEncoder().encode(word));
    return value === 0x82 || value === 0x83;
  });
  expect(moved.length).toBeGreaterThan(20);
  const some = ['yellow', ...moved.slice(0, 30)];
  expect(heard(encodeText(some.join(' '), { sampleRate: 16_000 }).pcm)).toEqual(some);
});

test('the size of the chunks makes no difference', () => {
  const { pcm } = encodeText(SENTENCE, { sampleRate: 16_000 });
  const whole = decode(concat(new Int16Array(333), pcm, new Int16Array(400)));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }), sizes => {
      const audio = concat(new Int16Array(333), pcm, new Int16Array(400));
      const decoder = createToneDecoder({ sampleRate: 16_000 });
      const words: ToneWord[] = [];
      for (let at = 0, turn = 0; at < audio.length; turn += 1) {
        const size = sizes[turn % sizes.length]!;
        words.push(...decoder.push(audio.subarray(at, at + size)));
        at += size;
      }
      expect(words).toEqual(whole);
    }),
    { numRuns: 20 },
  );
});

test('a cut destroys only the word in flight', () => {
  const { pcm, words } = encodeText(SENTENCE, { sampleRate: 16_000 });
  const next = encodeText('Sorry, go ahead.', { sampleRate: 16_000 }).pcm;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: pcm.length }), fc.integer({ min: 160, max: 4000 }), (cut, pause) => {
      const found = heard(concat(pcm.subarray(0, cut), new Int16Array(pause), next));
      const whole = words.filter(word => word.endSample <= cut).map(word => word.text);
      // The word whose last milliseconds are cut off may still be understood.
      const almost = words.filter(word => word.endSample - 320 <= cut).map(word => word.text);
      expect([`${whole.join(' ')}|Sorry, go ahead.`, `${almost.join(' ')}|Sorry, go ahead.`]).toContain(
        `${found.slice(0, -3).join(' ')}|${found.slice(-3).join(' ')}`,
      );
    }),
    { numRuns: 60 },
  );
});

describe('no word comes from', () => {
  test('silence, or noise at any level', () => {
    const random = seeded(7);
    expect(heard(new Int16Array(160_000))).toEqual([]);
    for (const level of [3, 100, 3000, 30_000]) {
      expect(heard(Int16Array.from({ length: 160_000 }, () => (random() * 2 - 1) * level))).toEqual([]);
    }
  });

  test('sound shaped like speech, which is energy all the same', () => {
    const audio = speechLike(10, seeded(11));
    const decoder = createToneDecoder({ sampleRate: 16_000 });
    expect(decoder.push(audio)).toEqual([]);
    expect(decoder.soundingSince()).toBeGreaterThan(0);
  });
});

describe('words survive', () => {
  const at16 = encodeText(SENTENCE, { sampleRate: 16_000 }).pcm;
  const at24 = encodeText(SENTENCE, { sampleRate: 24_000 }).pcm;

  test('resampling to 24 kHz and back, and from 24 kHz', () => {
    expect(heard(resample(resample(at16, 16_000, 24_000), 24_000, 16_000))).toEqual(WORDS);
    expect(heard(resample(at24, 24_000, 16_000))).toEqual(WORDS);
  });

  test('a mu-law telephone line at 8 kHz', () => {
    const line = resample(at24, 24_000, 8000).map(sample => fromMuLaw(toMuLaw(sample)));
    expect(heard(line, 8000)).toEqual(WORDS);
    expect(heard(resample(line, 8000, 16_000))).toEqual(WORDS);
  });

  test('any gain from -34 dB to clipping, and a voice lowered in mid-word', () => {
    for (const gain of [0.02, 0.1, 0.5, 2.5]) expect(heard(scale(at16, () => gain))).toEqual(WORDS);
    expect(heard(scale(at16, i => (i < 30_000 ? 1 : Math.max(0.2, 1 - (i - 30_000) / 400))))).toEqual(WORDS);
  });

  test('white noise 15 dB below', () => {
    const random = seeded(3);
    const noise = (6000 * 10 ** (-15 / 20) * 2 * Math.sqrt(3)) / 2;
    const line = concat(new Int16Array(1600), at16);
    expect(heard(line.map(sample => clip(sample + (random() * 2 - 1) * noise)))).toEqual(WORDS);
  });

  test('a line that starves between two symbols', () => {
    const cut = 40 * 16 * 10; // a symbol boundary inside a word
    expect(heard(concat(at16.subarray(0, cut), new Int16Array(960), at16.subarray(cut)))).toEqual(WORDS);
  });
});

describe('the band above speech', () => {
  const high = (text: string, sampleRate = 16_000) => encodeText(text, { sampleRate, band: 'high' }).pcm;
  const heardHigh = (pcm: Int16Array, sampleRate = 16_000) =>
    createToneDecoder({ sampleRate, band: 'high' })
      .push(concat(pcm, new Int16Array(sampleRate / 50)))
      .map(word => word.text);
  /** Every byte that UTF-8 knows after the first, and most of those that begin a letter. */
  const letters = Array.from(
    { length: 94 },
    (_, i) => `${String.fromCodePoint(33 + i)}${String.fromCodePoint(161 + i * 17)}`,
  );

  test('carries any letters, at 16, 24 and 48 kHz, and is refused where there is no room for it', () => {
    for (const sampleRate of [16_000, 24_000, 48_000]) {
      expect(heardHigh(high(letters.join(' '), sampleRate), sampleRate)).toEqual(letters);
    }
    expect(heardHigh(resample(high(SENTENCE), 16_000, 24_000), 24_000)).toEqual(WORDS);
    expect(() => createToneDecoder({ sampleRate: 8000, band: 'high' })).toThrow('needs 16000 Hz');
    const narrow = encodeText('Hello there', { sampleRate: 8000 }).pcm;
    expect(
      createEveryBandDecoder({ sampleRate: 8000 })
        .push(narrow)
        .map(word => word.text),
    ).toEqual(['Hello', 'there']);
  });

  test('is heard above loud speech, above noise, and where it sounds, within 2 ms', () => {
    const random = seeded(5);
    const { pcm, words } = encodeText(SENTENCE, { sampleRate: 16_000, band: 'high' });
    const speech = lowPassed(speechLike(Math.ceil(pcm.length / 16_000), random));
    const line = pcm.map((sample, i) => clip(sample + speech[i]! + (random() * 2 - 1) * 300));
    const found = createToneDecoder({ sampleRate: 16_000, band: 'high' }).push(concat(new Int16Array(777), line));
    expect(found.map(word => word.text)).toEqual(WORDS);
    found.forEach((word, i) => {
      expect(Math.abs(word.startSample - 777 - words[i]!.startSample)).toBeLessThan(32);
      expect(Math.abs(word.endSample - 777 - words[i]!.endSample)).toBeLessThan(32);
    });
  });

  test('and the telephone band do not disturb each other: two who speak at once are both heard, in order', () => {
    const agent = encodeText('Your parcel will arrive on Tuesday', { sampleRate: 16_000 });
    const caller = encodeText('no please stop for a moment now', { sampleRate: 16_000, band: 'high' });
    const late = 3000;
    const line = concat(agent.pcm, new Int16Array(16_000)).map((sample, i) =>
      clip(sample + (caller.pcm[i - late] ?? 0)),
    );
    const words = [...agent.words, ...caller.words.map(word => ({ ...word, startSample: word.startSample + late }))];
    const inOrder = words.sort((a, b) => a.startSample - b.startSample).map(word => word.text);
    expect(
      createEveryBandDecoder({ sampleRate: 16_000 })
        .push(line)
        .map(word => word.text),
    ).toEqual(inOrder);
    expect(heard(high('Hello there'))).toEqual([]);
    expect(heardHigh(agent.pcm)).toEqual([]);
  });

  test('gives no word of silence, noise or speech', () => {
    const random = seeded(7);
    for (const level of [0, 100, 3000, 30_000]) {
      expect(heardHigh(Int16Array.from({ length: 80_000 }, () => (random() * 2 - 1) * level))).toEqual([]);
    }
    expect(heardHigh(speechLike(5, random))).toEqual([]);
  });
});

test('sound is told while it lasts', () => {
  const decoder = createToneDecoder({ sampleRate: 16_000 });
  decoder.push(new Int16Array(3200));
  expect(decoder.soundingSince()).toBeUndefined();
  decoder.push(encodeText('Hello', { sampleRate: 16_000 }).pcm.subarray(0, 1600));
  expect(decoder.soundingSince()).toBe(3200);
  decoder.push(new Int16Array(1600));
  expect(decoder.soundingSince()).toBeUndefined();
  decoder.reset();
  expect(decoder.push(encodeText('Hello', { sampleRate: 16_000 }).pcm)).toMatchObject([{ startSample: 0 }]);
});

test('a second of sound is decoded in under 5 ms of CPU', () => {
  const { pcm } = encodeText(`${SENTENCE} ${SENTENCE}`, { sampleRate: 16_000 });
  const decoder = createToneDecoder({ sampleRate: 16_000 });
  const frames = () => {
    for (let at = 0; at < pcm.length; at += 320) decoder.push(pcm.subarray(at, at + 320));
  };
  frames();
  const before = process.cpuUsage();
  for (let round = 0; round < 5; round += 1) frames();
  const spent = process.cpuUsage(before);
  expect((spent.user + spent.system) / 1000 / ((pcm.length * 5) / 16_000)).toBeLessThan(5);
});

function decode(pcm: Int16Array, sampleRate = 16_000): ToneWord[] {
  return createToneDecoder({ sampleRate }).push(concat(pcm, new Int16Array(sampleRate / 50)));
}

function heard(pcm: Int16Array, sampleRate = 16_000): string[] {
  return decode(pcm, sampleRate).map(word => word.text);
}

function concat(...parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function clip(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
}

function scale(pcm: Int16Array, gain: (i: number) => number): Int16Array {
  return pcm.map((sample, i) => clip(sample * gain(i)));
}

/** Windowed-sinc resampling: slow and plain, so that it owes nothing to the code under test. */
function resample(pcm: Int16Array, from: number, to: number): Int16Array {
  const cutoff = Math.min(1, to / from) * 0.95;
  const reach = Math.ceil(16 / cutoff);
  return Int16Array.from({ length: Math.floor((pcm.length * to) / from) }, (_, i) => {
    const centre = (i * from) / to;
    let total = 0;
    for (let j = Math.ceil(centre - reach); j <= centre + reach; j += 1) {
      const x = (j - centre) * cutoff;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      total += (pcm[j] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * (j - centre)) / reach)) * cutoff;
    }
    return clip(total);
  });
}

/** Nothing of it is left above 5.5 kHz, as of the callers' voices. */
function lowPassed(pcm: Int16Array): Int16Array {
  return resample(resample(pcm, 16_000, 10_600), 10_600, 16_000);
}

function toMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const size = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.floor(Math.log2(size)) - 7;
  return ~(sign | (exponent << 4) | ((size >> (exponent + 3)) & 15)) & 0xff;
}

function fromMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const size = (((code & 15) << 3) + 132) << ((code >> 4) & 7);
  return (code & 0x80 ? -1 : 1) * (size - 132);
}

/** Voiced pulses through three wandering resonances, in syllables: the shape of speech without its words. */
function speechLike(seconds: number, random: () => number): Int16Array {
  const pcm = new Int16Array(seconds * 16_000);
  const formants = [500, 1500, 2500].map(hz => ({ hz, a: 0, b: 0 }));
  let pitch = 120;
  let pulse = 0;
  for (let i = 0; i < pcm.length; i += 1) {
    if (i % 1600 === 0) {
      pitch = 90 + random() * 120;
      for (const [n, formant] of formants.entries())
        formant.hz = [300, 900, 2200][n]! + random() * [500, 1300, 900][n]!;
    }
    pulse += pitch / 16_000;
    let drive = (random() - 0.5) * 0.1;
    if (pulse >= 1) {
      pulse -= 1;
      drive += 1;
    }
    let out = 0;
    for (const formant of formants) {
      const y = drive + 1.94 * Math.cos((2 * Math.PI * formant.hz) / 16_000) * formant.a - 0.94 * formant.b;
      formant.b = formant.a;
      formant.a = y;
      out += y;
    }
    pcm[i] = clip(out * 2500 * Math.max(0.02, Math.sin((Math.PI * (i % 3200)) / 3200)));
  }
  return pcm;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
