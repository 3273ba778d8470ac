import { decibels, leastRms } from './loudness.ts';

/**
 * Tells the caller's voice from our own that comes back: what is heard counts only where it is not much softer than the
 * loudest we played of late. The hold covers what ACS keeps unplayed and the way there and back, which nobody measures.
 */
export interface EchoGate {
  /** A frame of ours goes to the caller; `atMs` never goes back. */
  played(rms: number, atMs: number): void;
  /** True where sound this loud is more than the echo of what was played until `atMs`. */
  above(rms: number, atMs: number): boolean;
}

export interface EchoGateOptions {
  /** How long a frame can come back after it was played. @default 700 */
  holdMs?: number;
  /** How much softer than what was played an echo is at least. @default 15 */
  lossDb?: number;
}

/** What was played is kept as the loudest of each of these; the hold is longer by up to one of them. */
const bucketMs = 50;

export function echoGate({ holdMs = 700, lossDb = 15 }: EchoGateOptions = {}): EchoGate {
  const count = Math.ceil(holdMs / bucketMs) + 1;
  const loudest = new Float64Array(count);
  const factor = decibels(-lossDb);
  let newest = Number.NEGATIVE_INFINITY;
  let peak = 0;

  const moveTo = (atMs: number) => {
    const bucket = Math.floor(atMs / bucketMs);
    if (bucket <= newest) return;
    for (let b = Math.max(newest + 1, bucket - count + 1); b <= bucket; b++) loudest[slot(b, count)] = 0;
    newest = bucket;
    peak = 0;
    for (const rms of loudest) if (rms > peak) peak = rms;
  };

  return {
    played: (rms, atMs) => {
      moveTo(atMs);
      const at = slot(newest, count);
      if (rms > loudest[at]!) loudest[at] = rms;
      if (rms > peak) peak = rms;
    },
    above: (rms, atMs) => {
      moveTo(atMs);
      return rms > leastRms && rms > peak * factor;
    },
  };
}

const slot = (bucket: number, count: number): number => ((bucket % count) + count) % count;
