/**
 * A microphone that is never off: under what the caller says lies the noise of the place and the agent's own voice, as it
 * comes back from the caller's ear. It stands in for the line's queue, one frame of it for each frame at the ear.
 */
import { createLineNoise, type LineNoise } from './line-noise.ts';
import type { PhoneLine } from './phone-line.ts';

/** The agent's voice comes back this much later and weaker. */
export interface EchoPath {
  /** At least 60. */
  delayMs: number;
  attenuationDb: number;
}

export interface OpenMicrophone {
  /** The line as the mouth is to use it. */
  readonly line: PhoneLine;
  /** 20 ms have passed at the ear: plays the next 20 ms of everything. */
  frame(atEar: Int16Array): void;
}

export interface OpenMicrophoneSetting {
  lineNoise?: LineNoise | undefined;
  echo?: EchoPath | undefined;
  seed: number;
}

const FRAME_MS = 20;
const FRAME = 320;
/** Frames ahead of the line, so that a late one leaves no gap. */
const AHEAD = 3;

export function createOpenMicrophone(
  line: PhoneLine,
  { lineNoise, echo, seed }: OpenMicrophoneSetting,
): OpenMicrophone {
  const addNoise = lineNoise && createLineNoise(lineNoise, seed);
  const addEcho = echo && createEcho(echo);
  let waiting: (Int16Array | string)[] = [];
  let into = 0;
  let started = false;

  /** Adds what the mouth says; returns the marks that are passed with this frame. */
  function addVoice(frame: Int16Array): string[] {
    const marks: string[] = [];
    let filled = 0;
    while (waiting[0] !== undefined) {
      const next = waiting[0];
      if (typeof next === 'string') {
        marks.push(next);
      } else {
        if (filled === frame.length) break;
        const part = next.subarray(into, into + frame.length - filled);
        frame.set(part, filled);
        filled += part.length;
        into += part.length;
        if (into < next.length) break;
        into = 0;
      }
      waiting.shift();
    }
    return marks;
  }

  function play(atEar: Int16Array | undefined): void {
    const frame = new Int16Array(FRAME);
    const marks = addVoice(frame);
    if (atEar) addEcho?.(atEar, frame);
    addNoise?.(frame);
    line.speak(frame);
    // Behind the frame, so that the line tells them with the time of this frame and not of the one before.
    for (const name of marks) line.send({ do: 'mark', name });
  }

  return {
    line: {
      send(command) {
        if (command.do === 'mark') {
          waiting.push(command.name);
        } else if (command.do === 'clear-mic') {
          waiting = [];
          into = 0;
        } else {
          line.send(command);
        }
      },
      speak(pcm) {
        if (pcm.length > 0) waiting.push(pcm);
      },
      close: () => line.close(),
    },
    frame(atEar) {
      for (let i = 0; !started && i < AHEAD - 1; i += 1) play(undefined);
      started = true;
      play(atEar);
    },
  };
}

function createEcho({ delayMs, attenuationDb }: EchoPath): (atEar: Int16Array, frame: Int16Array) => void {
  if (delayMs < AHEAD * FRAME_MS) {
    throw new RangeError(`An echo takes at least ${AHEAD * FRAME_MS} ms here; delayMs is ${delayMs}.`);
  }
  const gain = 10 ** (-attenuationDb / 20);
  // What is played now sounds AHEAD frames from now.
  const delay = Math.round((delayMs - AHEAD * FRAME_MS) * (FRAME / FRAME_MS));
  const past = new Int16Array(delay + FRAME);
  return (atEar, frame) => {
    past.copyWithin(0, FRAME);
    past.set(atEar, delay);
    for (let i = 0; i < FRAME; i += 1) frame[i] = Math.max(-32_768, Math.min(32_767, frame[i]! + past[i]! * gain));
  };
}
