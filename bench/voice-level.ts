/**
 * When the agent's voice was lowered and when it was given back, told from the peaks of its frames. A single frame may be
 * quiet by itself (the end of a word), so two sounding ones in a row decide.
 */
export interface SoundFrame {
  atUs: number;
  /** Largest sample, in sample units. */
  peak: number;
}

export interface Lowering {
  loweredUs: number;
  /** Undefined when it stayed low until the agent was silent, or the frames end. */
  raisedUs: number | undefined;
}

const audiblePeak = 50;
/** -3 dB is no accident, -12 to -14 dB is what is meant. */
const lowered = 0.7;
const raised = 0.85;
const rememberUs = 3_000_000;

/** The first lowering within the window; undefined when the agent did not sound before, or was never lowered. */
export function findLowering(frames: readonly SoundFrame[], fromUs: number, toUs: number): Lowering | undefined {
  const sounding = frames.filter(({ peak }) => peak > audiblePeak);
  const from = sounding.findIndex(({ atUs }) => atUs >= fromUs);
  if (from < 0) return undefined;
  const usual = Math.max(
    0,
    ...sounding.filter(({ atUs }) => atUs < fromUs && atUs >= fromUs - rememberUs).map(({ peak }) => peak),
  );
  if (usual === 0) return undefined;
  const pairPeak = (i: number) => Math.max(sounding[i]!.peak, sounding[i + 1]?.peak ?? usual);
  let low = from;
  while (low < sounding.length && pairPeak(low) > lowered * usual) low++;
  const first = sounding[low];
  if (!first || first.atUs > toUs) return undefined;
  const high = sounding.findIndex((frame, i) => i > low && frame.peak >= raised * usual);
  return { loweredUs: first.atUs, raisedUs: sounding[high]?.atUs };
}
