import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createResampler, type SampleRate, sampleRates } from './resample.ts';
import { decibels, rms, tone, toneFit } from './testing/tone-fit.ts';

const pairs = sampleRates.flatMap(from => sampleRates.filter(to => to !== from).map(to => ({ from, to })));
const pairOf = fc.constantFrom(...pairs);

function pushAll(pair: { from: SampleRate; to: SampleRate }, chunks: readonly Int16Array[]): Int16Array {
  const resampler = createResampler(pair);
  return joined(chunks.map(resampler.push));
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Cuts at the given places, which may be anywhere, twice the same, or none. */
function cutAt(pcm: Int16Array, places: readonly number[]): Int16Array[] {
  const cuts = [0, ...places.map(place => Math.min(place, pcm.length)).sort((a, b) => a - b), pcm.length];
  return cuts.slice(1).map((end, i) => pcm.subarray(cuts[i], end));
}

/** The tone at the new rate, after the filter has filled. */
function resampledTone(pair: { from: SampleRate; to: SampleRate }, hz: number): Int16Array {
  const chunks = Array.from({ length: 10 }, (_, i) => {
    const samples = pair.from / 50;
    return tone({ hz, rate: pair.from, ms: 200 }).subarray(i * samples, (i + 1) * samples);
  });
  return pushAll(pair, chunks).subarray(pair.to / 50);
}

describe('however the sound is cut', () => {
  test('what comes out is the same, bit for bit', () => {
    fc.assert(
      fc.property(
        pairOf,
        fc.int16Array({ maxLength: 3000 }),
        fc.array(fc.nat(3000), { maxLength: 8 }),
        (pair, pcm, places) => {
          expect(pushAll(pair, cutAt(pcm, places))).toEqual(pushAll(pair, [pcm]));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('it is as long as its time: never more than a sample off, and exactly at whole frames', () => {
    fc.assert(
      fc.property(pairOf, fc.array(fc.nat(1500), { maxLength: 20 }), ({ from, to }, lengths) => {
        const resampler = createResampler({ from, to });
        let pushed = 0;
        let came = 0;
        for (const length of lengths) {
          pushed += length;
          came += resampler.push(new Int16Array(length)).length;
          expect(came).toBe(Math.ceil((pushed * to) / from));
        }
      }),
      { numRuns: 100 },
    );
  });

  test('nothing in gives nothing out, before and between', () => {
    const resampler = createResampler({ from: 24_000, to: 16_000 });
    expect(resampler.push(new Int16Array(0))).toHaveLength(0);
    resampler.push(new Int16Array(1));
    expect(resampler.push(new Int16Array(0))).toHaveLength(0);
  });

  test('a minute of odd pieces is a minute', () => {
    const resampler = createResampler({ from: 24_000, to: 16_000 });
    let came = 0;
    for (let left = 24_000 * 60; left > 0; left -= 481)
      came += resampler.push(new Int16Array(Math.min(481, left))).length;
    expect(came).toBe(16_000 * 60);
  });
});

describe.each(pairs)('$from Hz to $to Hz', pair => {
  const band = [200, 1013, 2333, 3400, 6000].filter(
    hz => hz <= Math.min(3400, pair.to / 2, pair.from / 2) || Math.min(pair.from, pair.to) >= 16_000,
  );

  test.each(band)('a tone of %i Hz stays itself: 80 dB clean and as loud as it was', hz => {
    const { peak, snrDb } = toneFit(resampledTone(pair, hz), hz, pair.to);
    expect(snrDb).toBeGreaterThan(80);
    expect(Math.abs(decibels(peak / 16_000))).toBeLessThan(0.2);
  });

  test('what the new rate cannot carry is 45 dB down from an eighth above its middle', () => {
    const from = (pair.to / 2) * 1.125;
    for (let hz = from; hz < pair.from / 2; hz += 487)
      expect(decibels((rms(resampledTone(pair, hz)) * Math.SQRT2) / 16_000 + 1e-9)).toBeLessThan(-45);
  });

  test('a square wave of full scale is clipped, never wrapped', () => {
    const half = Math.round(pair.from / 440 / 2);
    const square = Int16Array.from({ length: pair.from / 5 }, (_, i) =>
      Math.floor(i / half) % 2 === 0 ? 32_767 : -32_768,
    );
    const out = pushAll(pair, [square]);
    const delay = createResampler(pair).delaySamples;
    // Where the input holds still for a while, the output must stand on the same side.
    const edge = half / 4;
    let judged = 0;
    out.forEach((sample, n) => {
      const at = ((n - delay) * pair.from) / pair.to;
      const place = at % half;
      if (at < half || place < edge || place > half - edge) return;
      judged++;
      expect(Math.sign(sample)).toBe(Math.floor(at / half) % 2 === 0 ? 1 : -1);
    });
    expect(judged).toBeGreaterThan(0);
    expect(Math.max(...out)).toBe(32_767);
    expect(Math.min(...out)).toBe(-32_768);
  });

  test('a click comes out at its time plus the delay that is told', () => {
    const resampler = createResampler(pair);
    const click = new Int16Array(pair.from / 10);
    const at = pair.from / 20;
    click[at] = 20_000;
    const out = resampler.push(click);
    const loudest = out.reduce((best, sample, n) => (Math.abs(sample) > Math.abs(out[best] ?? 0) ? n : best), 0);
    expect(loudest).toBe((at * pair.to) / pair.from + resampler.delaySamples);
  });

  test('after a reset nothing of the past is left', () => {
    const resampler = createResampler(pair);
    resampler.push(tone({ hz: 997, rate: pair.from, ms: 33 }));
    resampler.reset();
    const pcm = tone({ hz: 400, rate: pair.from, ms: 60 });
    expect(resampler.push(pcm)).toEqual(pushAll(pair, [pcm]));
  });
});

test('two streams do not hear each other, though they work in the same space', () => {
  const one = createResampler({ from: 24_000, to: 16_000 });
  const two = createResampler({ from: 16_000, to: 24_000 });
  const low = tone({ hz: 300, rate: 24_000, ms: 200 });
  const high = tone({ hz: 3000, rate: 16_000, ms: 200 });
  const heard: Int16Array[] = [];
  for (let i = 0; i < 10; i++) {
    heard.push(one.push(low.subarray(i * 480, (i + 1) * 480)));
    two.push(high.subarray(i * 320, (i + 1) * 320));
  }
  expect(joined(heard)).toEqual(pushAll({ from: 24_000, to: 16_000 }, [low]));
});

test('what was given out is never touched again', () => {
  const resampler = createResampler({ from: 16_000, to: 24_000 });
  const first = resampler.push(tone({ hz: 500, rate: 16_000, ms: 20 }));
  const copy = first.slice();
  resampler.push(tone({ hz: 900, rate: 16_000, ms: 20 }));
  expect(first).toEqual(copy);
});

test('equal rates give back the very same samples', () => {
  const { push, delaySamples } = createResampler({ from: 16_000, to: 16_000 });
  const pcm = tone({ hz: 440, rate: 16_000, ms: 20 });
  expect(push(pcm)).toBe(pcm);
  expect(delaySamples).toBe(0);
});
