/**
 * How a caller sounds: synthetic speech for voice detectors, with the words as tone code above it for the recognizer. Both
 * begin and end together, so that the onset of the one is the onset of the other; 10 ms of silence part them from what
 * may follow at once.
 */
import { encodeText, wordsOf } from '../../tone/tone.ts';
import { seeded } from '../seeded.ts';
import { type BankVoice, bankVoices } from './bank.ts';

/** `tone` is the code alone, inside the telephone band: no voice detector takes it for a person. */
export type VoiceKind = 'speech' | 'tone';

/** What is said, in one piece or with pauses of so many ms between the parts: `['I want', 700, 'um', 400, 'to pay.']`. */
export type Spoken = string | readonly (string | number)[];

export interface SpokenWord {
  text: string;
  startSample: number;
}

export interface SpokenSound {
  text: string;
  pcm: Int16Array;
  words: SpokenWord[];
}

export interface Voice {
  /** @param wordGapMs silence after every word but the last. */
  say(spoken: Spoken, wordGapMs: number): SpokenSound;
  /** A word that sounds as itself where the bank has it, else like any other. */
  backchannel(text: string): SpokenSound;
}

const SAMPLE_RATE = 16_000;
const PER_MS = SAMPLE_RATE / 1000;
/** Silence at the end of a code: the last symbol could not be told from the next one without. */
const CODE_TAIL = 10 * PER_MS;
const FADE = 3 * PER_MS;

/** The voice of one caller; which one of the bank, and what it babbles, follows from the seed. */
export function createVoice({ kind, seed }: { kind: VoiceKind; seed: number }): Voice {
  const random = seeded(seed);
  const voices = kind === 'speech' ? bankVoices() : [];
  const voice = voices[Math.floor(random() * voices.length)];

  function sound(text: string, speech: (samples: number) => Int16Array): SpokenSound {
    const { pcm, words } = encodeText(text, { sampleRate: SAMPLE_RATE, band: voice ? 'high' : 'telephone' });
    if (!voice || pcm.length === 0) return { text, pcm, words };
    const voiced = speech(pcm.length - CODE_TAIL);
    for (let i = 0; i < voiced.length; i += 1) pcm[i]! += voiced[i]!;
    return { text, pcm, words };
  }

  const babble = (samples: number): Int16Array => (voice ? stretchOf(voice, samples, random) : new Int16Array(0));

  return {
    say(spoken, wordGapMs) {
      const parts = typeof spoken === 'string' ? [spoken] : spoken;
      const paced = parts.flatMap(part =>
        typeof part === 'number' || wordGapMs === 0 ? [part] : spaced(wordsOf(part), wordGapMs),
      );
      const sounds = paced.map(part => (typeof part === 'number' ? part : sound(part, babble)));
      return joined(sounds, textOf(spoken));
    },
    backchannel(text) {
      const own = voice?.backchannels.get(text.toLowerCase().replace(/[^\p{L}-]+/gu, ''));
      return own ? sound(text, samples => faded(own.slice(0, samples))) : sound(text, babble);
    },
  };
}

/** The words without the pauses. */
export function textOf(spoken: Spoken): string {
  return typeof spoken === 'string' ? spoken : spoken.filter(part => typeof part === 'string').join(' ');
}

function spaced(words: readonly string[], gapMs: number): (string | number)[] {
  return words.flatMap((word, i) => (i === 0 ? [word] : [gapMs, word]));
}

/** So much speech without a pause: clip after clip, from a random one on. */
function stretchOf({ clips }: BankVoice, samples: number, random: () => number): Int16Array {
  const stretch = new Int16Array(samples);
  let next = Math.floor(random() * clips.length);
  for (let at = 0; at < samples; next += 1) {
    const clip = clips[next % clips.length]!;
    const part = faded(clip.slice(0, samples - at));
    stretch.set(part, at);
    at += part.length;
  }
  return stretch;
}

/** Clips begin softly already; this is for where they are cut. */
function faded(pcm: Int16Array): Int16Array {
  const length = Math.min(FADE, pcm.length);
  for (let i = 0; i < length; i += 1) {
    const at = pcm.length - 1 - i;
    pcm[at] = pcm[at]! * (0.5 - 0.5 * Math.cos((Math.PI * (i + 1)) / FADE));
  }
  return pcm;
}

/** A pause begins where the last tone before it ends. */
function joined(parts: readonly (SpokenSound | number)[], text: string): SpokenSound {
  let samples = 0;
  const placed = parts.map((part, i) => {
    const at = samples;
    const isAfterTone = typeof part === 'number' && i > 0 && typeof parts[i - 1] !== 'number';
    const pause = (ms: number): number => Math.max(0, Math.round(ms * PER_MS) - (isAfterTone ? CODE_TAIL : 0));
    samples += typeof part === 'number' ? pause(part) : part.pcm.length;
    return { part, at };
  });
  const pcm = new Int16Array(samples);
  const words: SpokenWord[] = [];
  for (const { part, at } of placed) {
    if (typeof part === 'number') continue;
    pcm.set(part.pcm, at);
    for (const word of part.words) words.push({ text: word.text, startSample: at + word.startSample });
  }
  return { text, pcm, words };
}
