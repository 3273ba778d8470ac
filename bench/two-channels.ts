/**
 * Both sides of a call on one time line. ACS records, in one tick of its clock, what it plays to the caller and what it
 * sends to the app, so that frame n of one is frame n of the other; the caller's ear, which gets the same frames with their
 * times, says when frame n was.
 */
import type { Caller } from '../emulators/caller/caller.ts';
import type { SoundFrame } from './voice-level.ts';
import { frameMs } from './voice-stretches.ts';

export interface TwoChannels {
  /** PCM 16 kHz; frame n of both begins at `frameUs[n]` of the monotonic clock. */
  caller: Int16Array;
  agent: Int16Array;
  frameUs: readonly number[];
  lengthMs: number;
  /** A moment of the monotonic clock on the time line of the frames. */
  msAt(us: number): number;
}

const frameSamples = 320;
const frameUsLong = 20_000;

/** Notes when each frame reaches the ear, from now until the call is over: begin before audio flows. */
export function noteFrameTimes(caller: Caller): { frameUs: readonly number[]; over: Promise<unknown> } {
  const frameUs: number[] = [];
  let lastUs = 0;
  const over = caller.until(
    () => {
      const us = caller.earClockUs();
      if (us > lastUs) frameUs.push(us - frameUsLong);
      lastUs = us;
      return caller.over();
    },
    { what: 'the call to be over', timeoutMs: 900_000 },
  );
  return { frameUs, over };
}

/** What ACS recorded of a call. @throws Error when the recordings and the ear's frames do not fit together. */
export async function fetchChannels(
  acsUrl: string,
  callConnectionId: string,
  frameUs: readonly number[],
): Promise<TwoChannels> {
  const [agent, caller] = await Promise.all(
    ['caller', 'app'].map(async ear => {
      const answer = await fetch(`${acsUrl}/emulator/calls/${callConnectionId}/recording?ear=${ear}`);
      if (!answer.ok) throw new Error(`ACS gave no recording of the ${ear}'s ear: ${answer.status}.`);
      return new Int16Array(await answer.arrayBuffer());
    }),
  );
  const frames = Math.min(agent!.length / frameSamples, caller!.length / frameSamples, frameUs.length);
  const longest = Math.max(agent!.length / frameSamples, caller!.length / frameSamples, frameUs.length);
  // The last frames of a call may be on their way when the line is cut; more than a second is a hole somewhere.
  if (longest - frames > 50) throw new Error(`The channels of a call differ by ${longest - frames} frames.`);
  return twoChannels(
    caller!.subarray(0, frames * frameSamples),
    agent!.subarray(0, frames * frameSamples),
    frameUs.slice(0, frames),
  );
}

export function twoChannels(caller: Int16Array, agent: Int16Array, frameUs: readonly number[]): TwoChannels {
  return {
    caller,
    agent,
    frameUs,
    lengthMs: frameUs.length * frameMs,
    msAt: us => {
      let low = 0;
      let high = frameUs.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (frameUs[middle]! <= us) low = middle + 1;
        else high = middle;
      }
      if (low === 0) return 0;
      // A frame that came late lasts no longer for it.
      return (low - 1) * frameMs + Math.min(frameMs, Math.max(0, (us - frameUs[low - 1]!) / 1000));
    },
  };
}

/** The latest any frame came behind its schedule, ms: a machine that is short of time shows here, not in the agent. */
export function latestMs(frameUs: readonly number[]): number {
  let earliest = Number.POSITIVE_INFINITY;
  let latest = 0;
  frameUs.forEach((us, frame) => {
    const offset = us - frame * frameUsLong;
    earliest = Math.min(earliest, offset);
    latest = Math.max(latest, offset - earliest);
  });
  return latest / 1000;
}

/** The agent's frames as they reached the ear. */
export function atTheEar({ agent, frameUs }: TwoChannels): SoundFrame[] {
  return frameUs.map((atUs, frame) => {
    let peak = 0;
    for (let i = frame * frameSamples; i < (frame + 1) * frameSamples; i++) peak = Math.max(peak, Math.abs(agent[i]!));
    return { atUs, peak };
  });
}
