/**
 * What comes down a telephone line besides words, made from a seed so that a figure can be measured again. 16 kHz, samples
 * as numbers of the size of 16 bit ones until they are sent.
 */
export const rate = 16_000;

export type Sound = Float64Array<ArrayBuffer>;
export type Random = () => number;

export const soundOf = (ms: number, sample: (i: number, t: number) => number): Sound =>
  Float64Array.from({ length: Math.round((ms * rate) / 1000) }, (_, i) => sample(i, i / rate));

export function rmsOf(sound: ArrayLike<number>, from = 0, to = sound.length): number {
  let squares = 0;
  for (let i = from; i < to; i++) squares += (sound[i] ?? 0) ** 2;
  return Math.sqrt(squares / Math.max(1, to - from));
}

export function atLevel(sound: Sound, rms: number): Sound {
  const gain = rms / (rmsOf(sound) || 1);
  return sound.map(sample => sample * gain);
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const between = (random: Random, from: number, to: number): number => from + random() * (to - from);
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

export const hiss = (ms: number, random: Random): Sound => soundOf(ms, () => random() * 2 - 1);

/** Dull noise that swells and fades over seconds, with an engine in it. */
export function street(ms: number, random: Random): Sound {
  const dull = lowPass(hiss(ms, random), 600);
  const duller = lowPass(hiss(ms, random), 200);
  const engine = between(random, 60, 110);
  const swell = between(random, 0.1, 0.3);
  return soundOf(ms, (i, t) => {
    const near = 0.7 + 0.3 * Math.sin(2 * Math.PI * swell * t);
    const motor = 0.05 * Math.sin(2 * Math.PI * engine * t) + 0.03 * Math.sin(4 * Math.PI * engine * t);
    return near * (dull[i]! + 2 * duller[i]! + motor);
  });
}

/** Coughs, throats cleared, clicks and puffs, one about every 1.7 s. */
export function coughs(ms: number, random: Random): Sound {
  const sound = new Float64Array((ms * rate) / 1000);
  for (let at = 0.5; at < ms / 1000 - 1; at += between(random, 1.2, 2.2)) {
    const made = pick(random, [cough, cough, throat, click, puff])(random);
    add(sound, atLevel(made, between(random, 900, 5000)), Math.round(at * rate));
  }
  return sound;
}

function cough(random: Random): Sound {
  const bursts = random() < 0.4 ? 2 : 1;
  const ms = between(random, 150, 350);
  const sound = new Float64Array(Math.round(((ms * bursts + 100) * rate) / 1000));
  for (let n = 0; n < bursts; n++) {
    const air = lowPass(hiss(ms, random), between(random, 900, 2800));
    const shape = between(random, 3, 6);
    add(
      sound,
      air.map((sample, i) => sample * Math.min(1, i / 60) * Math.exp((-shape * i) / air.length)),
      Math.round((n * (ms + 60) * rate) / 1000),
    );
  }
  return sound;
}

function throat(random: Random): Sound {
  const ms = between(random, 200, 450);
  const flutter = between(random, 18, 35);
  const air = lowPass(hiss(ms, random), between(random, 500, 1200));
  return air.map(
    (sample, i) => sample * (0.5 + 0.5 * Math.sin((2 * Math.PI * flutter * i) / rate)) * arch(i, air.length),
  );
}

const click = (random: Random): Sound => soundOf(between(random, 4, 20), i => (random() * 2 - 1) * Math.exp(-i / 20));

function puff(random: Random): Sound {
  const air = lowPass(hiss(between(random, 120, 300), random), 250);
  return air.map((sample, i) => sample * arch(i, air.length));
}

const arch = (i: number, length: number): number => Math.sin((Math.PI * i) / length);

/** Keys pressed at random, 60 to 200 ms each. */
export function keys(ms: number, random: Random): Sound {
  const sound = new Float64Array((ms * rate) / 1000);
  for (let at = 0.2; at < ms / 1000 - 0.5; ) {
    const low = pick(random, [697, 770, 852, 941]);
    const high = pick(random, [1209, 1336, 1477, 1633]);
    const heldMs = between(random, 60, 200);
    const level = between(random, 1500, 5000);
    const tone = soundOf(heldMs, (_, t) => Math.sin(2 * Math.PI * low * t) + Math.sin(2 * Math.PI * high * t));
    add(sound, atLevel(tone, level), Math.round(at * rate));
    at += heldMs / 1000 + between(random, 0.06, 0.6);
  }
  return sound;
}

/** Chords that change, a bass, and a drum. */
export function music(ms: number, random: Random): Sound {
  const beatMs = 500;
  const sound = new Float64Array((ms * rate) / 1000);
  for (let at = 0; at < ms; at += beatMs) {
    const root = 110 * 2 ** (pick(random, [0, 3, 5, 7, 8, 10]) / 12);
    const notes = [root, root * 2, root * 2 * 2 ** (4 / 12), root * 3];
    const chord = soundOf(beatMs, (i, t) => {
      const fade = Math.exp(-2 * t) * Math.min(1, i / 160);
      return (
        notes.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * t) + 0.4 * Math.sin(4 * Math.PI * hz * t), 0) * fade
      );
    });
    const drum = hiss(80, random).map((sample, i) => 3 * sample * Math.exp(-i / 200));
    add(chord, drum, 0);
    add(sound, chord, (at * rate) / 1000);
  }
  return atLevel(sound, 1800);
}

/** As a telephone network passes it: 300 to 3,400 Hz, and the steps of mu-law. */
export function telephone(sound: Sound): Sound {
  const low = lowPass(lowPass(sound, 3200), 3200);
  const rumble = lowPass(low, 250);
  return low.map((sample, i) => muLaw(sample - rumble[i]!));
}

function muLaw(sample: number): number {
  const x = Math.min(1, Math.abs(sample) / 32_768);
  const step = Math.round((127 * Math.log1p(255 * x)) / Math.log(256));
  return Math.sign(sample) * 32_768 * ((256 ** (step / 127) - 1) / 255);
}

/** Two poles: 12 dB an octave. */
export function lowPass(sound: Sound, hz: number): Sound {
  const w = (2 * Math.PI * hz) / rate;
  const alpha = Math.sin(w) / Math.SQRT2;
  const b = (1 - Math.cos(w)) / 2 / (1 + alpha);
  const a1 = (-2 * Math.cos(w)) / (1 + alpha);
  const a2 = (1 - alpha) / (1 + alpha);
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  return sound.map(x => {
    const y = b * (x + 2 * x1 + x2) - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    return y;
  });
}

export function add(into: Sound, sound: Sound, at: number): void {
  for (let i = 0; i < sound.length && at + i < into.length; i++) into[at + i]! += sound[i]!;
}
