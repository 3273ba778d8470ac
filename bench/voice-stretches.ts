/**
 * Where a channel is not silent. The floor lies far below any voice, so that a voice lowered by 14 dB, or by 30, is still
 * a voice, and a pause shorter than a sentence's belongs to what is being said.
 */
export interface Stretch {
  startMs: number;
  /** One past its last sounding millisecond. */
  endMs: number;
}

/** Length of the steps a channel is looked at in, ms: the frames of the telephone. */
export const frameMs = 20;
/** -58 dBFS: a spoken agent lies near -15, lowered near -29. */
const floorRms = 40;

/** Root mean square of every frame of a channel, in sample units. */
export function frameLevels(pcm: Int16Array, sampleRate = 16_000): Float64Array {
  const size = (sampleRate * frameMs) / 1000;
  const levels = new Float64Array(Math.floor(pcm.length / size));
  for (let frame = 0; frame < levels.length; frame++) {
    let energy = 0;
    for (let i = frame * size; i < (frame + 1) * size; i++) energy += pcm[i]! * pcm[i]!;
    levels[frame] = Math.sqrt(energy / size);
  }
  return levels;
}

/**
 * Stretches of sound.
 * @param pauseMs silence up to this long does not part them; 0 parts at every silent frame.
 */
export function voiceStretches(levels: ArrayLike<number>, pauseMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let frame = 0; frame < levels.length; frame++) {
    if (levels[frame]! < floorRms) continue;
    const startMs = frame * frameMs;
    const last = stretches.at(-1);
    if (last && startMs - last.endMs <= pauseMs) last.endMs = startMs + frameMs;
    else stretches.push({ startMs, endMs: startMs + frameMs });
  }
  return stretches;
}

/** The stretch that covers a moment. */
export const stretchAt = (stretches: readonly Stretch[], ms: number): Stretch | undefined =>
  stretches.find(({ startMs, endMs }) => startMs <= ms && ms < endMs);

/** The same stretches as a clock of whole ticks sees them: a tick with any sound in it sounds. */
export function asTicks(stretches: readonly Stretch[], tickMs: number): Stretch[] {
  const ticks: Stretch[] = [];
  for (const { startMs, endMs } of stretches) {
    const start = Math.floor(startMs / tickMs) * tickMs;
    const end = Math.ceil(endMs / tickMs) * tickMs;
    const last = ticks.at(-1);
    if (last && start <= last.endMs) last.endMs = Math.max(end, last.endMs);
    else ticks.push({ startMs: start, endMs: end });
  }
  return ticks;
}
