/**
 * Sounds without words or voice: coughs, breath on the microphone, clicks, hiss. They are energy that an agent must not
 * take for somebody who wants to speak.
 */
import { seeded } from './seeded.ts';

export type CoughKind = 'cough' | 'throat' | 'sneeze';

const SAMPLE_RATE = 16_000;
const PEAK = 14_000;

/** A cough is one hard burst, a throat is cleared with a rasp, a sneeze is drawn breath and then a hiss. */
export function coughSound(ms: number, kind: CoughKind, seed: number): Int16Array {
  const random = seeded(seed);
  const samples = (ms * SAMPLE_RATE) / 1000;
  const noise = lowPassed(samples, { cough: 0.4, throat: 0.25, sneeze: 0.9 }[kind], random);
  const rasp = 24 + random() * 10;
  const thumpHz = 50 + random() * 30;
  const breath = 0.25 + random() * 0.15;
  return Int16Array.from({ length: samples }, (_, i) => {
    const seconds = i / SAMPLE_RATE;
    const part = i / samples;
    const hiss = noise[i]! * PEAK;
    const attack = Math.min(1, seconds / 0.003);
    const thump = 0.5 * PEAK * Math.exp(-seconds / 0.03) * Math.sin(2 * Math.PI * thumpHz * seconds);
    if (kind === 'throat') {
      const gust = Math.max(0.1, Math.sin(2 * Math.PI * rasp * seconds)) ** 2;
      return Math.round(1.4 * hiss * gust * Math.min(1, seconds / 0.015) * (1 - part) + 0.5 * thump);
    }
    if (kind === 'sneeze') {
      const blast = part < breath ? 0.06 * (part / breath) : Math.exp((-3 * (part - breath)) / (1 - breath));
      return Math.round(0.7 * hiss * Math.max(0.04, blast) * attack);
    }
    return Math.round((1.3 * hiss * Math.exp(-3 * part) + thump) * attack);
  });
}

/** Breath on the microphone: slow and low. */
export function puffSound(ms: number, seed: number): Int16Array {
  const samples = (ms * SAMPLE_RATE) / 1000;
  const wind = lowPassed(samples, 0.03, seeded(seed));
  return wind.length === 0
    ? new Int16Array(0)
    : Int16Array.from(wind, (sample, i) => Math.round(sample * PEAK * Math.sin((Math.PI * (i + 0.5)) / samples) * 1.2));
}

/** A key, a lip, a bad contact: a few milliseconds. */
export function clickSound(seed: number): Int16Array {
  const random = seeded(seed);
  const samples = Math.round((3 + random() * 4) * (SAMPLE_RATE / 1000));
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(PEAK * (random() * 2 - 1) * Math.exp((-4 * i) / samples)),
  );
}

/** White noise of a level, as root mean square in sample units. */
export function noiseSound(ms: number, level: number, seed: number): Int16Array {
  const random = seeded(seed);
  const peak = level * Math.sqrt(3);
  return Int16Array.from({ length: (ms * SAMPLE_RATE) / 1000 }, () =>
    Math.max(-32_768, Math.min(32_767, Math.round((random() * 2 - 1) * peak))),
  );
}

/** Noise whose high frequencies are the weaker, the smaller `openness` (0 to 1) is; its level does not depend on it. */
export function lowPassed(samples: number, openness: number, random: () => number): Float64Array {
  const gain = Math.sqrt((2 - openness) / openness);
  let low = 0;
  return Float64Array.from({ length: samples }, () => {
    low += openness * (random() * 2 - 1 - low);
    return Math.max(-1, Math.min(1, low * gain));
  });
}
