import { decibels, leastRms } from './loudness.ts';

/**
 * Is there sound on the line, whatever it is? A hop of sound stands out from the line's floor and is not far behind the
 * voice. The floor falls with the softest moment and rises to what has gone on steadily for two seconds, as a hiss does; a
 * voice swells and sinks all the time, and raises it only where eight seconds brought nothing softer.
 */
export interface SoundLevel {
  /** Takes the mean square of the next hop; true while there is sound. */
  next(power: number): boolean;
  /** True where the last hop itself stood out; sound goes on for a moment after it. */
  readonly loud: boolean;
}

/** 8 ms: a quarter of the window that a voice is judged by. */
export const hopSamples = 128;
const hopsPerSecond = 16_000 / hopSamples;

/** 256 ms each: the extremes of eight tell steady sound, those of all what no voice leaves out. */
const stretchHops = 32;
const stretches = 32;
const steadyStretches = 8;
/** From the softest to the loudest 60 ms of two seconds: a hiss varies by 3 dB at most, a voice without pauses by 6.6 or more. */
const steady = decibels(5) ** 2;
const over = decibels(8) ** 2;
const still = decibels(5) ** 2;
const holdHops = 4;
/** The floor is that of the last 60 ms: a single hop of dull noise may be much softer than the noise. */
const smoothing = 1 / 8;
const leastPower = leastRms ** 2;
/** What is so much softer than the loudest 60 ms of late lies behind the voice; the loudest sinks by 2 dB a second. */
const behind = decibels(-18) ** 2;
const fading = decibels(-2) ** (2 / hopsPerSecond);
/** Until a line has been heard for two seconds its floor is taken to be no louder than this: callers may speak at once. */
const firstFloor = leastPower * decibels(10) ** 2;

export function soundLevel(): SoundLevel {
  const softest = new Float64Array(stretches).fill(firstFloor);
  const loudest = new Float64Array(stretches).fill(firstFloor);
  let floor = firstFloor;
  let smooth = 0;
  let peak = 0;
  let hops = 0;
  let on = false;
  let loud = false;
  let loudBefore = false;
  let held = 0;

  const rise = (next: number) => {
    let soft = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let back = 1; back <= stretches; back++) {
      const stretch = (next - back + stretches) % stretches;
      soft = Math.min(soft, softest[stretch]!);
      most = Math.max(most, loudest[stretch]!);
      const whole = back === stretches || (back === steadyStretches && most < soft * steady);
      if (whole) floor = Math.max(floor, soft);
    }
  };

  return {
    get loud() {
      return loud;
    },
    next: power => {
      smooth += (power - smooth) * (hops === 0 ? 1 : smoothing);
      const stretch = Math.floor(hops / stretchHops) % stretches;
      if (hops % stretchHops === 0) {
        rise(stretch);
        softest[stretch] = smooth;
        loudest[stretch] = smooth;
      }
      if (smooth < softest[stretch]!) softest[stretch] = smooth;
      if (smooth > loudest[stretch]!) loudest[stretch] = smooth;
      if (smooth < floor) floor = smooth;
      peak = Math.max(smooth, peak * fading);
      hops++;
      const before = loudBefore;
      loudBefore = loud;
      loud = power > Math.max(leastPower, floor * (on ? still : over), peak * behind);
      // Two of three hops: one is a click, and a deep voice is softer between its pulses.
      if (loud && (loudBefore || before)) {
        on = true;
        held = holdHops;
      } else if (on && !loud && held-- <= 0) on = false;
      return on;
    },
  };
}
