/**
 * Sound at another rate, as one unbroken stream: what comes out does not depend on how the sound was cut into frames, and
 * never grows or shrinks against the clock. One windowed-sinc filter per pair of rates, run only at the samples that are
 * wanted; interpolation without a filter, or a transform of each frame by itself, is heard as a second voice or a buzz.
 */
export const sampleRates = [8000, 16_000, 24_000, 48_000] as const;
export type SampleRate = (typeof sampleRates)[number];

export interface Resampler {
  /** The next stretch of the stream, of any length. @returns what follows at the new rate, in a buffer of its own. */
  push(pcm: Int16Array): Int16Array;
  /** Forgets the past, as where a new stream begins. */
  reset(): void;
  /** How much later a sound comes out than it went in, in samples of the new rate. */
  readonly delaySamples: number;
}

/** Equal rates give the sound back as it is, the very same buffer. */
export function createResampler({ from, to }: { from: SampleRate; to: SampleRate }): Resampler {
  if (from === to) return { push: pcm => pcm, reset: () => undefined, delaySamples: 0 };
  const filter = filterFor(from, to);
  const { up, down, taps } = filter;
  const past = new Int16Array(taps - 1);
  /** Where the next wanted sample lies behind the next sample to come, in steps of the common rate. */
  let next = 0;

  return {
    push: pcm => {
      const out = new Int16Array(Math.max(0, Math.ceil((pcm.length * up - next) / down)));
      let made = 0;
      for (let start = 0; start < pcm.length; start += blockSamples) {
        const count = Math.min(blockSamples, pcm.length - start);
        scratch.set(past);
        for (let i = 0; i < count; i++) scratch[past.length + i] = pcm[start + i]!;
        for (let i = 0; i < past.length; i++) past[i] = scratch[count + i]!;
        const wanted = Math.max(0, Math.ceil((count * up - next) / down));
        convolve(filter, next, out, made, wanted);
        made += wanted;
        next += wanted * down - count * up;
      }
      return out;
    },
    reset: () => {
      past.fill(0);
      next = 0;
    },
    delaySamples: filter.delay / down,
  };
}

interface Filter {
  /** The common rate is `up` times the old one and `down` times the new one. */
  up: number;
  down: number;
  /** Taps of each phase; all phases one after another, each turned round to meet samples oldest first. */
  taps: number;
  phases: Float64Array;
  /** Steps of the common rate; a multiple of `down`. */
  delay: number;
}

/** All streams of a thread work in the same space, one after the other. */
const blockSamples = 1024;
const longestPast = 511;
const scratch = new Float64Array(longestPast + blockSamples);

/** Samples of one phase lie `down` apart and share their taps: four at a time, each tap is fetched once for all four. */
function convolve({ up, down, taps, phases }: Filter, first: number, out: Int16Array, from: number, count: number) {
  const end = from + count;
  for (let lane = 0; lane < up && lane < count; lane++) {
    const at = first + lane * down;
    const row = (at % up) * taps;
    let oldest = Math.floor(at / up);
    let n = from + lane;
    for (; n + 3 * up < end; n += 4 * up, oldest += 4 * down) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0, x = oldest; i < taps; i++, x++) {
        const tap = phases[row + i]!;
        a += tap * scratch[x]!;
        b += tap * scratch[x + down]!;
        c += tap * scratch[x + 2 * down]!;
        d += tap * scratch[x + 3 * down]!;
      }
      out[n] = clipped(a);
      out[n + up] = clipped(b);
      out[n + 2 * up] = clipped(c);
      out[n + 3 * up] = clipped(d);
    }
    for (; n < end; n += up, oldest += down) {
      let sum = 0;
      for (let i = 0, x = oldest; i < taps; i++, x++) sum += phases[row + i]! * scratch[x]!;
      out[n] = clipped(sum);
    }
  }
}

const clipped = (value: number): number => (value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : Math.round(value));

/** Shares of the lower rate's Nyquist frequency: untouched up to here (6.8 kHz at 16 kHz), gone from there (9.2 kHz). */
const passEdge = 0.85;
const stopEdge = 1.15;
const attenuationDb = 90;

const filters = new Map<string, Filter>();

function filterFor(from: SampleRate, to: SampleRate): Filter {
  const key = `${from}:${to}`;
  const filter = filters.get(key) ?? design(from, to);
  filters.set(key, filter);
  return filter;
}

/** Kaiser's formulas: the length from the width of the edge, the shape from the attenuation. */
function design(from: number, to: number): Filter {
  const shared = greatestCommonDivisor(from, to);
  const up = to / shared;
  const down = from / shared;
  const commonRate = from * up;
  const nyquist = Math.min(from, to) / 2;
  const edge = (2 * Math.PI * (stopEdge - passEdge) * nyquist) / commonRate;
  const cutoff = ((passEdge + stopEdge) * nyquist) / commonRate;
  const delay = Math.ceil((attenuationDb - 8) / (2.285 * edge) / 2 / down) * down;
  const taps = Math.ceil((2 * delay + 1) / up);
  const beta = 0.1102 * (attenuationDb - 8.7);

  const at = (n: number): number => {
    const x = n - delay;
    if (Math.abs(x) > delay) return 0;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
    return sinc * bessel(beta * Math.sqrt(1 - (x / delay) ** 2));
  };
  const phases = new Float64Array(up * taps);
  for (let phase = 0; phase < up; phase++) {
    const row = phases.subarray(phase * taps, (phase + 1) * taps);
    for (let i = 0; i < taps; i++) row[i] = at(phase + (taps - 1 - i) * up);
    const gain = row.reduce((sum, tap) => sum + tap, 0);
    for (let i = 0; i < taps; i++) row[i] = row[i]! / gain;
  }
  return { up, down, taps, phases, delay };
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** The modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
