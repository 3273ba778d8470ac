/**
 * Tells sound from silence, hop by hop. The gate follows both the quietest moment of the last second and a half and the
 * loudest of late, so that a steady hiss is silence after a while and the hiss behind a voice never holds a phrase open.
 */

export const HOP_MS = 5;
const BUCKETS = 15;
const HOPS_PER_BUCKET = 100 / HOP_MS;
const LEAST_RMS = 120;
const OVER_FLOOR = 2.5;
const OF_PEAK = 0.08;
/** The loudest moment counts half after about a second. */
const PEAK_DECAY = 0.5 ** (HOP_MS / 1000);

/** Returns a function that judges the next 5 ms of samples: true = sound. */
export function createLoudness(): (hop: Int16Array) => boolean {
  const quietest = new Float64Array(BUCKETS);
  let hops = 0;
  let peak = 0;
  return hop => {
    let energy = 0;
    for (let i = 0; i < hop.length; i += 1) energy += hop[i]! * hop[i]!;
    const rms = Math.sqrt(energy / hop.length);
    const bucket = Math.floor(hops / HOPS_PER_BUCKET) % BUCKETS;
    quietest[bucket] = hops % HOPS_PER_BUCKET === 0 ? rms : Math.min(quietest[bucket]!, rms);
    hops += 1;
    let floor = quietest[0]!;
    for (const value of quietest) if (value < floor) floor = value;
    peak = Math.max(rms, peak * PEAK_DECAY);
    return rms > Math.max(LEAST_RMS, floor * OVER_FLOOR, peak * OF_PEAK);
  };
}
