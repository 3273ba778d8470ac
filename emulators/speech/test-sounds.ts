/** Sounds for the tests of the stand-in: seeded, so that a failure comes back. */
import { encodeText } from '../tone/tone.ts';

export const RATE = 16_000;

export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function joined(...parts: (Int16Array | number)[]): Int16Array {
  const sounds = parts.map(part => (typeof part === 'number' ? new Int16Array(part * 16) : part));
  const whole = new Int16Array(sounds.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of sounds) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function tones(text: string): Int16Array {
  return encodeText(text, { sampleRate: RATE }).pcm;
}

export function noise(ms: number, rms: number, random: () => number): Int16Array {
  return Int16Array.from({ length: ms * 16 }, () => Math.round((random() * 2 - 1) * rms * Math.sqrt(3)));
}

/** Voiced pulses through three wandering resonances, in syllables of 200 ms: the shape of speech without its words. */
export function babble(ms: number, seed: number): Int16Array {
  const random = seeded(seed);
  const formants = [500, 1500, 2500].map(hz => ({ hz, a: 0, b: 0 }));
  let pitch = 120;
  let pulse = 0;
  return Int16Array.from({ length: ms * 16 }, (_, i) => {
    if (i % 1600 === 0) {
      pitch = 90 + random() * 120;
      for (const [n, formant] of formants.entries())
        formant.hz = [300, 900, 2000][n]! + random() * [500, 1100, 900][n]!;
    }
    pulse += pitch / RATE;
    let drive = (random() - 0.5) * 0.1;
    if (pulse >= 1) {
      pulse -= 1;
      drive += 1;
    }
    let out = 0;
    for (const formant of formants) {
      const y = drive + 1.94 * Math.cos((2 * Math.PI * formant.hz) / RATE) * formant.a - 0.94 * formant.b;
      formant.b = formant.a;
      formant.a = y;
      out += y;
    }
    return clip(out * 900 * Math.max(0.02, Math.sin((Math.PI * (i % 3200)) / 3200)));
  });
}

export function scaled(pcm: Int16Array, gain: number): Int16Array {
  return pcm.map(sample => clip(sample * gain));
}

export function withNoise(pcm: Int16Array, decibelsBelow: number, random: () => number): Int16Array {
  const rms = Math.sqrt(pcm.reduce((total, sample) => total + sample * sample, 0) / pcm.length);
  const peak = rms * 10 ** (-decibelsBelow / 20) * Math.sqrt(3);
  return pcm.map(sample => clip(sample + (random() * 2 - 1) * peak));
}

/** Linear interpolation: the roughest resampler anyone will put in the way. */
export function resampled(pcm: Int16Array, from: number, to: number): Int16Array {
  return Int16Array.from({ length: Math.floor((pcm.length * to) / from) }, (_, i) => {
    const x = (i * from) / to;
    const left = Math.floor(x);
    return clip((pcm[left] ?? 0) * (1 - (x - left)) + (pcm[left + 1] ?? 0) * (x - left));
  });
}

function clip(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
}
