/** A recording as the phrasebook keeps it: its fingerprint every 5 ms from its first sound to its last, and its words in time. */
import { createLoudness, HOP_MS } from '../stt/loudness.ts';
import { changeOf, createBalance, FEATURES, STEP_MS } from './fingerprint.ts';
import { BANDS, createSpectrum, windowLength } from './spectrum.ts';

export interface PhrasebookEntry {
  name: string;
  /** What the recording says. */
  words: string;
  /** 16 kHz, 16 bit, mono. */
  pcm: Int16Array;
}

export interface Recording {
  name: string;
  /** Features at 5 ms × index after the first sound (the window ends there). */
  features: Float64Array[];
  /** From the first sound to the last, in ms. */
  durationMs: number;
  /** When each word has been said, in ms after the first sound. */
  words: { text: string; startMs: number; endMs: number }[];
  /** Whether the recording sounds at 5 ms × index. */
  loud: boolean[];
}

const SAMPLE_RATE = 16_000;
const HOP = (HOP_MS * SAMPLE_RATE) / 1000;

/** Takes a recording's fingerprint; a recording without sound is an error. */
export function fingerprinted({ name, words, pcm }: PhrasebookEntry): Recording {
  const isLoud = createLoudness();
  const hops = Array.from({ length: Math.floor(pcm.length / HOP) }, (_, i) =>
    isLoud(pcm.subarray(i * HOP, (i + 1) * HOP)),
  );
  const first = hops.indexOf(true);
  const last = hops.lastIndexOf(true);
  if (first < 0) throw new Error(`The recording "${name}" has no sound in it.`);
  if (words.trim() === '') throw new Error(`The recording "${name}" has no words.`);
  const loud = hops.slice(first, last + 1);
  return {
    name,
    durationMs: loud.length * HOP_MS,
    words: inTime(words, loud),
    features: featuresOf(pcm, first, last),
    loud,
  };
}

function featuresOf(pcm: Int16Array, firstHop: number, lastHop: number): Float64Array[] {
  const spectrum = createSpectrum(SAMPLE_RATE);
  const balance = createBalance();
  const length = windowLength(SAMPLE_RATE);
  const window = new Float64Array(length);
  const bands = new Float64Array(BANDS);
  const logs: Float64Array[] = [];
  const stepHops = STEP_MS / HOP_MS;
  for (let hop = firstHop - stepHops; hop <= lastHop; hop += 1) {
    const end = (hop + 1) * HOP;
    for (let i = 0; i < length; i += 1) window[i] = pcm[end - length + i] ?? 0;
    spectrum(window, bands);
    const log = new Float64Array(BANDS);
    balance.logBands(bands, log);
    logs.push(log);
  }
  return logs.slice(stepHops).map((now, i) => {
    const features = new Float64Array(FEATURES);
    changeOf(logs[i]!, now, features);
    return features;
  });
}

/** Words are taken to last as long as they have letters, in the time in which there is sound: nobody speaks in a pause. */
function inTime(text: string, loud: readonly boolean[]): Recording['words'] {
  const words = text.split(/\s+/).filter(word => word !== '');
  const letters = words.reduce((total, word) => total + word.length, 0);
  const sounding = loud.flatMap((isLoud, hop) => (isLoud ? [hop] : []));
  let before = 0;
  return words.map(word => {
    const first = Math.round((sounding.length * before) / letters);
    before += word.length;
    const last = Math.max(first, Math.round((sounding.length * before) / letters) - 1);
    return { text: word, startMs: (sounding[first] ?? 0) * HOP_MS, endMs: ((sounding[last] ?? 0) + 1) * HOP_MS };
  });
}
