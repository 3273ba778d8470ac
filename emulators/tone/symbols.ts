/**
 * Reads one burst of sound as a byte, or as nothing. A burst counts only if one tone of each group stands out and the two
 * carry most of its energy: that is what keeps speech and noise from ever looking like letters.
 */
import { HIGH_TONES_HZ, LOW_TONES_HZ, TONE_MS } from './alphabet.ts';

const WINDOW_SHARE = 0.7;
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

export function createSymbolReader(sampleRate: number): SymbolReader {
  const length = Math.round((TONE_MS * WINDOW_SHARE * sampleRate) / 1000);
  const hann = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length));
  // Power of a Goertzel bin times this is the energy of that tone in the window.
  const toEnergy = (2 * sum(hann.map(w => w * w))) / sum(hann) ** 2;
  const low = LOW_TONES_HZ.map(hz => 2 * Math.cos((2 * Math.PI * hz) / sampleRate));
  const high = HIGH_TONES_HZ.map(hz => 2 * Math.cos((2 * Math.PI * hz) / sampleRate));
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
      const lowest = strongest(window, low);
      const highest = strongest(window, high);
      if (!lowest || !highest) return undefined;
      if ((lowest.power + highest.power) * toEnergy < PURITY * energy) return undefined;
      return (lowest.index << 4) | highest.index;
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
