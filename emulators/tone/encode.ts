/**
 * Text to sound. Every word is a frame of its own (start, UTF-8 bytes, checksum, end), so a cut destroys only the word in
 * flight. Symbols are drawn once per sample rate and copied afterwards: speaking costs next to nothing.
 */
import {
  AMPLITUDE,
  checksum,
  HIGH_TONES_HZ,
  LOW_TONES_HZ,
  RAMP_MS,
  SYMBOL_MS,
  TONE_MS,
  type ToneWord,
  WORD_END,
  WORD_START,
  wordsOf,
} from './alphabet.ts';

/** Speaks a text: 16-bit mono samples, and where each word sounds in them. Words follow each other without pause. */
export function encodeText(
  text: string,
  { sampleRate }: { sampleRate: number },
): { pcm: Int16Array; words: ToneWord[] } {
  const spoken = wordsOf(text).map(word => ({ text: word, pcm: encodeWord(word, { sampleRate }) }));
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
export function encodeWord(word: string, { sampleRate }: { sampleRate: number }): Int16Array {
  const bytes = new TextEncoder().encode(word);
  const frame = [WORD_START, ...bytes, checksum(bytes), WORD_END];
  const length = symbolLength(sampleRate);
  const pcm = new Int16Array(frame.length * length);
  frame.forEach((byte, index) => {
    pcm.set(symbol(byte, sampleRate), index * length);
  });
  return pcm;
}

const symbolLength = (sampleRate: number): number => Math.round((SYMBOL_MS * sampleRate) / 1000);
const toneLength = (sampleRate: number): number => Math.round((TONE_MS * sampleRate) / 1000);

const drawn = new Map<number, Int16Array>();

function symbol(byte: number, sampleRate: number): Int16Array {
  const key = sampleRate * 256 + byte;
  let samples = drawn.get(key);
  if (!samples) {
    samples = draw(LOW_TONES_HZ[byte >> 4]!, HIGH_TONES_HZ[byte & 15]!, sampleRate);
    drawn.set(key, samples);
  }
  return samples;
}

function draw(lowHz: number, highHz: number, sampleRate: number): Int16Array {
  const length = toneLength(sampleRate);
  const ramp = (RAMP_MS * sampleRate) / 1000;
  return Int16Array.from({ length }, (_, i) => {
    const fade = Math.min(1, (i + 1) / ramp, (length - i) / ramp);
    const turn = (2 * Math.PI * i) / sampleRate;
    return Math.round(AMPLITUDE * fade * (Math.sin(lowHz * turn) + Math.sin(highHz * turn)));
  });
}
