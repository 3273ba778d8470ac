/**
 * Text to sound. Every word is a frame of its own (start, UTF-8 bytes, checksum, end), so a cut destroys only the word in
 * flight. Symbols are drawn once per sample rate and copied afterwards: speaking costs next to nothing.
 */
import {
  BANDS,
  type Band,
  checksum,
  RAMP_MS,
  SYMBOL_MS,
  TONE_MS,
  type ToneWord,
  WORD_END,
  WORD_START,
  wordsOf,
} from './alphabet.ts';

export interface Encoding {
  sampleRate: number;
  /** @default 'telephone' */
  band?: Band;
}

/** Speaks a text: 16-bit mono samples, and where each word sounds in them. Words follow each other without pause. */
export function encodeText(text: string, encoding: Encoding): { pcm: Int16Array; words: ToneWord[] } {
  const { sampleRate } = encoding;
  const spoken = wordsOf(text).map(word => ({ text: word, pcm: encodeWord(word, encoding) }));
  const pcm = new Int16Array(spoken.reduce((total, word) => total + word.pcm.length, 0));
  const silence = symbolLength(sampleRate) - toneLength(sampleRate);
  const words: ToneWord[] = [];
  let at = 0;
  for (const word of spoken) {
    pcm.set(word.pcm, at);
    words.push({ text: word.text, startSample: at, endSample: at + word.pcm.length - silence });
    at += word.pcm.length;
  }
  return { pcm, words };
}

/** One word's frame as samples, ending with the silence that follows its last tone. */
export function encodeWord(word: string, { sampleRate, band = 'telephone' }: Encoding): Int16Array {
  const bytes = new TextEncoder().encode(word);
  const frame = [WORD_START, ...bytes, checksum(bytes), WORD_END];
  const length = symbolLength(sampleRate);
  const pcm = new Int16Array(frame.length * length);
  frame.forEach((byte, index) => {
    pcm.set(symbol(byte, sampleRate, band), index * length);
  });
  return pcm;
}

const symbolLength = (sampleRate: number): number => Math.round((SYMBOL_MS * sampleRate) / 1000);
const toneLength = (sampleRate: number): number => Math.round((TONE_MS * sampleRate) / 1000);

const drawn = new Map<string, Int16Array>();

function symbol(byte: number, sampleRate: number, band: Band): Int16Array {
  const key = `${band} ${sampleRate} ${byte}`;
  let samples = drawn.get(key);
  if (!samples) {
    samples = draw(byte, sampleRate, band);
    drawn.set(key, samples);
  }
  return samples;
}

function draw(byte: number, sampleRate: number, band: Band): Int16Array {
  const { upperHalfHz, lowerHalfHz, amplitude } = BANDS[band];
  const upperHz = upperHalfHz[byte >> 4]!;
  const lowerHz = lowerHalfHz[byte & 15]!;
  const length = toneLength(sampleRate);
  const ramp = (RAMP_MS * sampleRate) / 1000;
  return Int16Array.from({ length }, (_, i) => {
    const fade = Math.min(1, (i + 1) / ramp, (length - i) / ramp);
    const turn = (2 * Math.PI * i) / sampleRate;
    return Math.round(amplitude * fade * (Math.sin(upperHz * turn) + Math.sin(lowerHz * turn)));
  });
}
