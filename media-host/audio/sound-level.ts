import { decibels, leastRms } from './loudness.ts';

/**
 * Is there sound on the line, whatever it is? A hop of sound stands out from the softest moment of the last two seconds:
 * a hiss that goes on has become the floor by then, and speech never goes on for so long without a gap.
 */
export interface SoundLevel {
  /** Takes the mean square of the next hop; true while there is sound. */
  next(power: number): boolean;
  /** True where the last hop itself stood out; sound goes on for a moment after it. */
  readonly loud: boolean;
}

/** 8 ms: a quarter of the window that a voice is judged by. */
export const hopSamples = 128;

const floorHops = 32;
const floors = 8;
const over = decibels(8) ** 2;
const still = decibels(5) ** 2;
const holdHops = 4;
/** The floor is that of the last 60 ms: a single hop of dull noise may be much softer than the noise. */
const smoothing = 1 / 8;
const leastPower = leastRms ** 2;
/** Until a line has been heard for two seconds its floor is taken to be no louder than this: callers may speak at once. */
const firstFloor = leastPower * decibels(10) ** 2;

export function soundLevel(): SoundLevel {
  const softest = new Float64Array(floors).fill(firstFloor);
  let floor = firstFloor;
  let smooth = 0;
  let hops = 0;
  let on = false;
  let loud = false;
  let loudBefore = false;
  let held = 0;

  return {
    get loud() {
      return loud;
    },
    next: power => {
      smooth += (power - smooth) * (hops === 0 ? 1 : smoothing);
      if (hops % floorHops === 0) {
        softest[(hops / floorHops) % floors] = smooth;
        floor = Math.min(...softest);
      }
      const bucket = Math.floor(hops / floorHops) % floors;
      if (smooth < softest[bucket]!) softest[bucket] = smooth;
      if (smooth < floor) floor = smooth;
      hops++;
      const before = loudBefore;
      loudBefore = loud;
      loud = power > Math.max(leastPower, floor * (on ? still : over));
      // Two of three hops: one is a click, and a deep voice is softer between its pulses.
      if (loud && (loudBefore || before)) {
        on = true;
        held = holdHops;
      } else if (on && !loud && held-- <= 0) on = false;
      return on;
    },
  };
}
