/**
 * Finds bursts of sound in a stream, in chunks of any size. The gate stands between the loudest and the quietest moment of
 * the last 60 ms and not at a fixed level: a voice lowered by 12 dB in mid-word, and a noisy line, must not lose a symbol.
 */
import type { BandTones } from './alphabet.ts';
import type { EdgeFilter } from './edge-filter.ts';

export interface Burst {
  /** Position of the first sample, counted from the start of the stream. */
  start: number;
  /** One past the last sample. */
  end: number;
}

export interface BurstFinder {
  push(pcm: Int16Array, found: (burst: Burst) => void): void;
  /** Copies samples around `centre` into `into`; the last 80 ms at least are at hand. */
  copyAround(centre: number, into: Float64Array): void;
  /** First sample of the sound that is on now or ended less than 60 ms ago; undefined in silence. */
  soundingSince(): number | undefined;
  reset(): void;
}

const HOP_MS = 2.5;
const WINDOW_HOPS = 24;
/** Above the quietest hop. */
const OVER_FLOOR = 2;
const OFF_RATIO = 0.85;
const HOLD_HOPS = 2;

/** Sound is looked at through `filter`, which changes its samples in place. */
export function createBurstFinder(
  sampleRate: number,
  { filter, leastRms, leastOfPeak }: { filter: EdgeFilter } & Pick<BandTones, 'leastRms' | 'leastOfPeak'>,
): BurstFinder {
  const hop = Math.round((HOP_MS * sampleRate) / 1000);
  const historyMask = 2 ** Math.ceil(Math.log2(sampleRate * 0.15)) - 1;
  const history = new Float32Array(historyMask + 1);
  const block = new Float64Array(hop);
  const recent = new Float64Array(WINDOW_HOPS);
  let position = 0;
  let inHop = 0;
  let loudest = 0;
  let hops = 0;
  let on = false;
  let start = 0;
  let lastOn = 0;
  let quietHops = 0;
  let soundStart: number | undefined;

  function endHop(found: (burst: Burst) => void): void {
    // Most of a call is silence, which needs no filter.
    if (loudest < leastRms / 2) {
      filter.reset();
      block.fill(0);
    } else {
      filter.run(block);
    }
    let energy = 0;
    for (let i = 0; i < hop; i += 1) {
      const sample = block[i]!;
      history[(position + i) & historyMask] = sample;
      energy += sample * sample;
    }
    position += hop;
    const rms = Math.sqrt(energy / hop);
    recent[hops % WINDOW_HOPS] = rms;
    hops += 1;
    let floor = rms;
    let peak = rms;
    for (const value of recent) {
      if (value < floor) floor = value;
      if (value > peak) peak = value;
    }
    const gate = Math.max(leastRms, floor * OVER_FLOOR, peak * leastOfPeak);
    if (rms > (on ? gate * OFF_RATIO : gate)) {
      if (!on) start = position - hop;
      if (soundStart === undefined) soundStart = start;
      on = true;
      lastOn = position;
      quietHops = 0;
      return;
    }
    quietHops += 1;
    if (on && quietHops >= HOLD_HOPS) {
      on = false;
      found({ start, end: lastOn });
    }
    if (quietHops >= WINDOW_HOPS) soundStart = undefined;
  }

  return {
    push(pcm, found) {
      for (let i = 0; i < pcm.length; i += 1) {
        const sample = pcm[i]!;
        block[inHop] = sample;
        if (sample > loudest) loudest = sample;
        else if (-sample > loudest) loudest = -sample;
        inHop += 1;
        if (inHop < hop) continue;
        endHop(found);
        inHop = 0;
        loudest = 0;
      }
    },
    copyAround(centre, into) {
      const from = Math.round(centre - into.length / 2);
      for (let i = 0; i < into.length; i += 1) {
        const at = from + i;
        into[i] = at < 0 || at >= position ? 0 : history[at & historyMask]!;
      }
    },
    soundingSince: () => soundStart,
    reset() {
      history.fill(0);
      filter.reset();
      recent.fill(0);
      position = inHop = loudest = hops = start = lastOn = quietHops = 0;
      on = false;
      soundStart = undefined;
    },
  };
}
