/**
 * Sound to words, streaming, in chunks of any size. A word is told only when its frame is whole and its checksum agrees, so
 * speech, noise and spliced fragments tell none: what comes out of here was really heard.
 */
import { BANDS, type Band, checksum, SYMBOL_MS, TONE_MS, type ToneWord, WORD_END, WORD_START } from './alphabet.ts';
import { type Burst, createBurstFinder } from './bursts.ts';
import { createEdgeFilter } from './edge-filter.ts';
import { createSymbolReader } from './symbols.ts';

export interface ToneDecoder {
  /** Listens to the next samples and returns the words that ended in them. */
  push(pcm: Int16Array): ToneWord[];
  /** First sample of the sound going on now (any sound, words or not); undefined after 60 ms of silence. */
  soundingSince(): number | undefined;
  /** Forgets everything; sample positions count from 0 again. */
  reset(): void;
}

const SHORTEST_MS = 15;
const LONGEST_MS = 42;
/** Symbols of one word come every 40 ms; a starved line may pause inside a word, but time never runs short. */
const CLOSEST_MS = SYMBOL_MS - 9;
const LONGEST_PAUSE_MS = 300;
const LONGEST_WORD_BYTES = 1024;

export interface Decoding {
  sampleRate: number;
  /** @default 'telephone' */
  band?: Band;
}

/** @example createToneDecoder({ sampleRate: 16_000 }).push(encodeText('Hello.', { sampleRate: 16_000 }).pcm) */
export function createToneDecoder({ sampleRate, band = 'telephone' }: Decoding): ToneDecoder {
  const tones = BANDS[band];
  if (sampleRate < tones.leastSampleRate) {
    throw new RangeError(`The ${band} band needs ${tones.leastSampleRate} Hz; this stream has ${sampleRate}.`);
  }
  const perMs = sampleRate / 1000;
  const halfTone = (TONE_MS / 2) * perMs;
  const filter = createEdgeFilter(tones.edge, sampleRate);
  const bursts = createBurstFinder(sampleRate, { filter, ...tones });
  const reader = createSymbolReader(tones, sampleRate);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let frame: number[] | undefined;
  let frameStart = 0;
  let lastCentre = 0;

  function take(burst: Burst, words: ToneWord[]): void {
    const lengthMs = (burst.end - burst.start) / perMs;
    const tooLong = lengthMs > LONGEST_MS;
    // A new utterance may begin right on the remains of one that was cut: then the burst's tail is its start.
    const centre = tooLong ? burst.end - halfTone : (burst.start + burst.end) / 2;
    const byte = lengthMs < SHORTEST_MS ? undefined : byteAt(centre);
    const sinceLastMs = (centre - lastCentre) / perMs;
    lastCentre = centre;
    if (byte === WORD_START) {
      frame = [];
      frameStart = Math.max(0, Math.round(centre - halfTone));
      return;
    }
    const inTime = sinceLastMs >= CLOSEST_MS && sinceLastMs <= LONGEST_PAUSE_MS;
    if (!frame || byte === undefined || tooLong || !inTime || frame.length > LONGEST_WORD_BYTES) {
      frame = undefined;
    } else if (byte !== WORD_END) {
      frame.push(byte);
    } else {
      const text = wordIn(frame);
      frame = undefined;
      if (text !== undefined) {
        words.push({ text, startSample: frameStart, endSample: Math.round(centre + halfTone) });
      }
    }
  }

  function byteAt(centre: number): number | undefined {
    bursts.copyAround(centre, reader.window);
    return reader.read();
  }

  function wordIn(bytes: readonly number[]): string | undefined {
    const text = Uint8Array.from(bytes.slice(0, -1));
    if (text.length === 0 || checksum(text) !== bytes.at(-1)) return undefined;
    try {
      return utf8.decode(text);
    } catch (error) {
      if (error instanceof TypeError) return undefined; // not UTF-8: no word of ours
      throw error;
    }
  }

  return {
    push(pcm) {
      const words: ToneWord[] = [];
      bursts.push(pcm, burst => take(burst, words));
      return words;
    },
    soundingSince: () => bursts.soundingSince(),
    reset() {
      bursts.reset();
      frame = undefined;
      lastCentre = 0;
    },
  };
}
