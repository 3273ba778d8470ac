/**
 * Reads one burst of sound as a byte, or as nothing. A burst counts only if one tone of each group stands out and the two
 * carry most of its energy: that is what keeps speech and noise from ever looking like letters.
 */
import { type BandTones, TONE_MS } from './alphabet.ts';

/** Part of a tone that is looked at: tones that are closer to each other need more of it to be told apart. */
const WIDE_STEP_SHARE = 0.7;
const NARROW_STEP_SHARE = 0.85;
const WIDE_STEP_HZ = 80;
/** Power of the strongest tone over the second of its group. */
const STAND_OUT = 2;
/** Part of the burst's energy in the two strongest tones. */
const PURITY = 0.5;

export interface SymbolReader {
  /** Samples to read around a burst's centre. */
  readonly window: Float64Array;
  /** The byte in `window`, or undefined when no two tones stand out. */
  read(): number | undefined;
}

export function createSymbolReader(
  { upperHalfHz, lowerHalfHz }: Pick<BandTones, 'upperHalfHz' | 'lowerHalfHz'>,
  sampleRate: number,
): SymbolReader {
  const share = upperHalfHz[1]! - upperHalfHz[0]! < WIDE_STEP_HZ ? NARROW_STEP_SHARE : WIDE_STEP_SHARE;
  const length = Math.round((TONE_MS * share * sampleRate) / 1000);
  const hann = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length));
  // Power of a Goertzel bin times this is the energy of that tone in the window.
  const toEnergy = (2 * sum(hann.map(w => w * w))) / sum(hann) ** 2;
  const upper = upperHalfHz.map(hz => 2 * Math.cos((2 * Math.PI * hz) / sampleRate));
  const lower = lowerHalfHz.map(hz => 2 * Math.cos((2 * Math.PI * hz) / sampleRate));
  const window = new Float64Array(length);
  return {
    window,
    read() {
      let energy = 0;
      for (let i = 0; i < length; i += 1) {
        const sample = window[i]! * hann[i]!;
        window[i] = sample;
        energy += sample * sample;
      }
      const first = strongest(window, upper);
      const second = first && strongest(window, lower);
      if (!first || !second) return undefined;
      if ((first.power + second.power) * toEnergy < PURITY * energy) return undefined;
      return (first.index << 4) | second.index;
    },
  };
}

function strongest(
  samples: Float64Array,
  coefficients: readonly number[],
): { index: number; power: number } | undefined {
  let index = 0;
  let power = 0;
  let second = 0;
  for (let tone = 0; tone < coefficients.length; tone += 1) {
    const here = goertzel(samples, coefficients[tone]!);
    if (here > power) {
      second = power;
      power = here;
      index = tone;
    } else if (here > second) {
      second = here;
    }
  }
  return power > 0 && power > second * STAND_OUT ? { index, power } : undefined;
}

function goertzel(samples: Float64Array, coefficient: number): number {
  let before = 0;
  let last = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const now = samples[i]! + coefficient * last - before;
    before = last;
    last = now;
  }
  return last * last + before * before - coefficient * last * before;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
