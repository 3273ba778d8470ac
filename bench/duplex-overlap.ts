/** What became of the agent's voice when the caller sounded over it: lowered, stopped, given back, and at what price in words. */
import type { StopRecord } from '../emulators/caller/caller.ts';
import type { DuplexCall } from './duplex-call.ts';
import type { CallerAct } from './duplex-panel.ts';
import { agentTexts } from './duplex-script.ts';
import type { Moments } from './moments.ts';
import { findLowering, type SoundFrame } from './voice-level.ts';
import { type WordsAround, wordsAround } from './words-around.ts';

export interface Overlap {
  act: CallerAct;
  onsetUs: number;
  /** From the caller's onset to the first quieter frame or to StopAudio, whichever came first. */
  loweredOnWireMs?: number;
  loweredAtEarMs?: number;
  onsetToStopMs?: number;
  /** From the end of a sound that was no turn until the agent sounds as before, for those that disturbed it. */
  givenBackMs?: number;
  words?: WordsAround;
  /** What the media host made of it by its own account. */
  verdict?: string;
}

const disturbsForUs = 2_000_000;
const audiblePeak = 50;

/** Act `i` of a call, whose agent was speaking at its onset. */
export function overlapOf(
  call: DuplexCall,
  i: number,
  wire: readonly SoundFrame[],
  ear: readonly SoundFrame[],
  moments: Moments,
): Overlap {
  const act = call.acts[i]!;
  const onsetUs = call.onsetsUs[i]!;
  const nextUs = call.onsetsUs[i + 1] ?? Number.POSITIVE_INFINITY;
  const untilUs = Math.min(nextUs, onsetUs + disturbsForUs);
  const stop = call.stops.find(({ atUs }) => atUs >= onsetUs && atUs < untilUs);
  const quieter = (frames: readonly SoundFrame[]) => {
    const found = findLowering(frames, onsetUs, untilUs);
    return {
      ...found,
      atUs: Math.min(found?.loweredUs ?? Number.POSITIVE_INFINITY, stop?.atUs ?? Number.POSITIVE_INFINITY),
    };
  };
  const onWire = quieter(wire);
  const atEar = quieter(ear);
  const since = (us: number) => (us - onsetUs) / 1000;
  const back = act.kind === 'interruption' ? undefined : givenBack(act, onsetUs, stop, atEar.raisedUs, nextUs, ear);
  const words = wordsAround(
    agentTexts,
    call.heard.filter(({ endUs }) => endUs <= onsetUs).map(({ text }) => text),
    call.heard.filter(({ endUs }) => endUs > onsetUs && endUs < nextUs).map(({ text }) => text),
  );
  const doubt = moments.doubts.find(({ atUs }) => atUs >= onsetUs && atUs < nextUs);
  return {
    act,
    onsetUs,
    ...(doubt && { verdict: `${doubt.outcome} at ${Math.round(since(doubt.atUs))} ms` }),
    ...(Number.isFinite(onWire.atUs) && { loweredOnWireMs: since(onWire.atUs) }),
    ...(Number.isFinite(atEar.atUs) && { loweredAtEarMs: since(atEar.atUs) }),
    ...(stop && { onsetToStopMs: since(stop.atUs) }),
    ...(back !== undefined && { givenBackMs: back }),
    ...(act.kind !== 'interruption' && words && { words }),
  };
}

/** Time from the end of the sound until the agent is heard as before; undefined when it was not disturbed or never was. */
function givenBack(
  act: CallerAct,
  onsetUs: number,
  stop: StopRecord | undefined,
  raisedUs: number | undefined,
  nextUs: number,
  ear: readonly SoundFrame[],
): number | undefined {
  const endUs = onsetUs + (act.endMs - act.startMs) * 1000;
  const backUs = stop ? ear.find(({ atUs, peak }) => atUs > stop.atUs && peak > audiblePeak)?.atUs : raisedUs;
  if (backUs === undefined || backUs >= nextUs) return undefined;
  return Math.max(0, (backUs - endUs) / 1000);
}
