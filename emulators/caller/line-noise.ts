/** What lies under a whole call: a hiss, or a street. One stretch of it is made per process and played round and round. */
import { lowPassed } from './noises.ts';
import { seeded } from './seeded.ts';

export interface LineNoise {
  kind: 'white' | 'street';
  /** Root mean square in sample units; a voice has about 3400. */
  level: number;
}

const SAMPLE_RATE = 16_000;
const ROUND_SECONDS = 8;
const SEAM = SAMPLE_RATE / 4;
const rounds = new Map<LineNoise['kind'], Float32Array>();

/** Returns a function that adds the next samples of the bed to a frame. */
export function createLineNoise({ kind, level }: LineNoise, seed: number): (frame: Int16Array) => void {
  const round = roundOf(kind);
  let at = Math.floor(seeded(seed)() * round.length);
  return frame => {
    for (let i = 0; i < frame.length; i += 1) {
      frame[i] = Math.max(-32_768, Math.min(32_767, frame[i]! + round[at]! * level));
      at = at + 1 === round.length ? 0 : at + 1;
    }
  };
}

/** A round at level 1, whose end runs over into its beginning. */
function roundOf(kind: LineNoise['kind']): Float32Array {
  let round = rounds.get(kind);
  if (round) return round;
  const sound = kind === 'white' ? whiteSound() : streetSound();
  const length = sound.length - SEAM;
  round = Float32Array.from({ length }, (_, i) => {
    const share = Math.min(1, i / SEAM);
    return Math.sqrt(share) * sound[i]! + Math.sqrt(1 - share) * (i < SEAM ? sound[length + i]! : 0);
  });
  const rms = Math.sqrt(round.reduce((total, s) => total + s * s, 0) / length);
  round = round.map(sample => sample / rms);
  rounds.set(kind, round);
  return round;
}

const roundSamples = ROUND_SECONDS * SAMPLE_RATE + SEAM;

function whiteSound(): Float64Array {
  return lowPassed(roundSamples, 1, seeded(1));
}

/** Rumble that swells as cars pass, a little hiss of tyres, and the hum of an engine that comes and goes. */
function streetSound(): Float64Array {
  const random = seeded(2);
  const rumble = lowPassed(roundSamples, 0.05, random);
  const tyres = lowPassed(roundSamples, 0.4, random);
  return Float64Array.from({ length: roundSamples }, (_, i) => {
    const seconds = i / SAMPLE_RATE;
    const car = 0.5 - 0.5 * Math.cos((2 * Math.PI * seconds * 3) / ROUND_SECONDS);
    const other = 0.5 - 0.5 * Math.cos((2 * Math.PI * seconds * 5) / ROUND_SECONDS);
    const engine = Math.sin(2 * Math.PI * (62 * seconds + 0.6 * Math.sin(2 * seconds))) * other;
    return rumble[i]! * (0.5 + car) + tyres[i]! * 0.35 * car + engine * 0.25;
  });
}
