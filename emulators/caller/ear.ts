/** What a caller hears: when the agent sounds, and which words of it reached the ear whole. */
import { createEveryBandDecoder } from '../tone/tone.ts';
import type { EarFrame } from './phone-line.ts';

export interface HeardWord {
  text: string;
  /** When it began and ended at the ear, in µs of the monotonic clock. */
  startUs: number;
  endUs: number;
  /** When it began, in ms since dialling. */
  atMs: number;
  /** Counts the agent's utterances from 0. */
  utterance: number;
}

/** A stretch of agent audio without a pause longer than 100 ms. */
export interface AgentSound {
  startUs: number;
  /** End of the last audible frame so far. */
  endUs: number;
  /** Audible frames, in ms. */
  soundMs: number;
  over: boolean;
}

export interface Ear {
  hear(frame: EarFrame): void;
  /** The app has told ACS to be silent: what comes next is a new utterance. */
  stopped(): void;
  readonly words: readonly HeardWord[];
  readonly sounds: readonly AgentSound[];
  /** Time of the latest frame; 0 before the first. */
  nowUs(): number;
}

export interface EarSetting {
  dialledUs: number;
  /** Silence that parts two utterances, in ms. */
  quietMs: number;
  onWord: (word: HeardWord) => void;
  onSound: (sound: AgentSound) => void;
}

const FRAME_US = 20_000;
const FRAME_SAMPLES = 320;
const PAUSE_US = 100_000;
/** Quieter than this is not a voice, even lowered: an app may well send silence. */
const AUDIBLE_PEAK = 50;
const REMEMBERED_FRAMES = 4096;

export function createEar({ dialledUs, quietMs, onWord, onSound }: EarSetting): Ear {
  const decoder = createEveryBandDecoder({ sampleRate: 16_000 });
  const frameTimes = new Float64Array(REMEMBERED_FRAMES);
  const words: HeardWord[] = [];
  const sounds: AgentSound[] = [];
  let frames = 0;
  let nowUs = 0;
  let newUtterance = false;

  const timeOf = (sample: number): number => {
    const frame = Math.min(frames - 1, Math.floor(sample / FRAME_SAMPLES));
    return frameTimes[frame % REMEMBERED_FRAMES]! + (sample - frame * FRAME_SAMPLES) * 62.5;
  };

  function noteSound(audible: boolean, atUs: number): void {
    const last = sounds.at(-1);
    if (!audible) {
      if (last && !last.over && atUs + FRAME_US - last.endUs > PAUSE_US) {
        last.over = true;
        onSound(last);
      }
    } else if (last && !last.over) {
      last.endUs = atUs + FRAME_US;
      last.soundMs += 20;
    } else {
      const sound = { startUs: atUs, endUs: atUs + FRAME_US, soundMs: 20, over: false };
      sounds.push(sound);
      onSound(sound);
    }
  }

  return {
    words,
    sounds,
    nowUs: () => nowUs,
    stopped() {
      newUtterance = true;
      const last = sounds.at(-1);
      if (!last || last.over) return;
      last.over = true;
      onSound(last);
    },
    hear({ pcm, played, atUs }) {
      frameTimes[frames % REMEMBERED_FRAMES] = atUs;
      frames += 1;
      nowUs = atUs + FRAME_US;
      noteSound(played && isAudible(pcm), atUs);
      for (const { text, startSample, endSample } of decoder.push(pcm)) {
        const last = words.at(-1);
        const startUs = timeOf(startSample);
        const parted = newUtterance || (last !== undefined && startUs - last.endUs > quietMs * 1000);
        newUtterance = false;
        const word: HeardWord = {
          text,
          startUs,
          endUs: timeOf(endSample),
          atMs: Math.round((startUs - dialledUs) / 1000),
          utterance: last ? last.utterance + (parted ? 1 : 0) : 0,
        };
        words.push(word);
        onWord(word);
      }
    },
  };
}

function isAudible(pcm: Int16Array): boolean {
  for (let i = 0; i < pcm.length; i += 1) if (pcm[i]! > AUDIBLE_PEAK || pcm[i]! < -AUDIBLE_PEAK) return true;
  return false;
}
