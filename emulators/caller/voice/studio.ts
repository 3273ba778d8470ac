/** What makes a bank of voices out of a synthesizer's sound: even level, no pauses, a sharp beginning, nothing above 5.2 kHz. */
import { execFileSync } from 'node:child_process';

/** Samples a second of the bank. */
export const RATE = 16_000;

const ESPEAK_RATE = 22_050;
const HIGHEST_HZ = 5200;
const REACH = 110;
const HOP_MS = 5;
const HOP = Math.round((ESPEAK_RATE * HOP_MS) / 1000);
const LEVEL = 3400;
/** Peaks are bent towards this. */
const CEILING = 19_000;
/** Hops quieter than this part of the level are a pause; a pause is left this long. */
const PAUSE_LEVEL = 0.12;
const PAUSE_HOPS = 4;
const FADE_MS = 2;

export function fromEspeak(
  voice: string,
  text: string,
  { pitch, speed }: { pitch: number; speed: number },
): Float64Array {
  const wave = execFileSync('espeak-ng', ['-v', voice, '-p', `${pitch}`, '-s', `${speed}`, '--stdout', text]);
  const samples = wave.subarray(wave.indexOf('data') + 8);
  return Float64Array.from({ length: samples.length >> 1 }, (_, i) => samples.readInt16LE(i * 2));
}

/** Of a synthesizer's sound, before it has the bank's sample rate. */
export function durationMs(sound: Float64Array): number {
  return (sound.length * 1000) / ESPEAK_RATE;
}

/** Brought to one level where it sounds, without the silence around it. */
export function levelled(sound: Float64Array): Float64Array {
  const levels = hopLevels(sound);
  const loudest = Math.max(...levels);
  const first = levels.findIndex(level => level > loudest * 0.3);
  const last = levels.findLastIndex(level => level > loudest * 0.06);
  const kept = sound.slice(first * HOP, (last + 1) * HOP);
  const gain = LEVEL / Math.sqrt(kept.reduce((total, s) => total + s * s, 0) / kept.length);
  return kept.map(s => CEILING * Math.tanh((s * gain) / CEILING));
}

export function withoutPauses(sound: Float64Array): Float64Array {
  let quiet = 0;
  const hops = hopLevels(sound).flatMap((level, hop) => {
    quiet = level < LEVEL * PAUSE_LEVEL ? quiet + 1 : 0;
    return quiet > PAUSE_HOPS ? [] : [sound.subarray(hop * HOP, (hop + 1) * HOP)];
  });
  return Float64Array.from(hops.flatMap(hop => [...hop]));
}

/** Begins and ends softly enough not to click. */
export function faded(sound: Float64Array): Float64Array {
  const ramp = (FADE_MS * ESPEAK_RATE) / 1000;
  return sound.map((s, i) => s * fade((i + 1) / ramp) * fade((sound.length - i) / ramp));
}

/** To the bank's sample rate, with nothing left above its highest frequency (windowed sinc). */
export function telephoned(sound: Float64Array): Int16Array {
  const step = ESPEAK_RATE / RATE;
  const cut = (2 * HIGHEST_HZ) / ESPEAK_RATE;
  return Int16Array.from({ length: Math.floor(sound.length / step) }, (_, i) => {
    const centre = i * step;
    let total = 0;
    for (let j = Math.max(0, Math.ceil(centre - REACH)); j <= Math.min(sound.length - 1, centre + REACH); j += 1) {
      const x = (j - centre) * cut;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      total += sound[j]! * sinc * (0.5 + 0.5 * Math.cos((Math.PI * (j - centre)) / REACH)) * cut;
    }
    return Math.round(total);
  });
}

function hopLevels(sound: Float64Array): number[] {
  return Array.from({ length: Math.floor(sound.length / HOP) }, (_, hop) => {
    let energy = 0;
    for (let i = hop * HOP; i < (hop + 1) * HOP; i += 1) energy += sound[i]! * sound[i]!;
    return Math.sqrt(energy / HOP);
  });
}

function fade(share: number): number {
  return share >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * Math.max(0, share));
}
