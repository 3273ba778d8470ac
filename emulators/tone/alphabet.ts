/**
 * The tone alphabet: one byte is one burst of two tones, so that words survive a telephone line, or leave room for speech
 * below them. Encoder and decoder share only these numbers, the checksum and the framing.
 */

/** Where the tones are: inside the telephone band, or above speech, where only streams of 16 kHz and more have room. */
export type Band = 'telephone' | 'high';

export interface BandTones {
  /** Sixteen tones for each half of a byte, in Hz. */
  upperHalfHz: readonly number[];
  lowerHalfHz: readonly number[];
  /** Peak of each of the two tones, in 16-bit sample units. */
  amplitude: number;
  /** What is quieter than this is silence, root mean square in sample units. */
  leastRms: number;
  /** Part of the loudest moment around it that a burst must have: little where a voice may be lowered in mid-word. */
  leastOfPeak: number;
  /** Sound on the other side of this frequency does not belong to the band. */
  edge: { keep: 'below' | 'above'; hz: number };
  /** Streams slower than this have no room for the band, in Hz. */
  leastSampleRate: number;
}

const sixteen = (fromHz: number, stepHz: number): readonly number[] =>
  Array.from({ length: 16 }, (_, i) => fromHz + stepHz * i);

export const BANDS: Readonly<Record<Band, BandTones>> = {
  telephone: {
    upperHalfHz: sixteen(600, 90),
    lowerHalfHz: sixteen(2100, 90),
    amplitude: 6000,
    leastRms: 40,
    leastOfPeak: 0.1,
    edge: { keep: 'below', hz: 3800 },
    leastSampleRate: 8000,
  },
  high: {
    upperHalfHz: sixteen(6050, 52),
    lowerHalfHz: sixteen(6970, 52),
    amplitude: 500,
    leastRms: 15,
    leastOfPeak: 0.45,
    edge: { keep: 'above', hz: 5900 },
    leastSampleRate: 16_000,
  },
};

/** Length of the sounding part of a symbol, in ms. */
export const TONE_MS = 30;
/** Length of a symbol with the silence after it, in ms: 25 symbols a second. */
export const SYMBOL_MS = 40;
/** Fade in and out of a tone, in ms: a click would smear over all sixteen tones. */
export const RAMP_MS = 3;

export const WORD_START = 0x02;
export const WORD_END = 0x03;

/** CRC-8 (polynomial 0x07) with the two framing values moved away: unmoved, one word in 128 could never be decoded. */
export function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = CRC_TABLE[crc ^ byte]!;
  return crc === WORD_START || crc === WORD_END ? crc | 0x80 : crc;
}

const CRC_TABLE = Uint8Array.from({ length: 256 }, (_, value) => {
  let crc = value;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff;
  return crc;
});

/** A word with the samples in which it sounds: from the first sample of its first tone to one past its last. */
export interface ToneWord {
  text: string;
  startSample: number;
  endSample: number;
}

/** The words of a text as they are spoken: split at white space, without control characters. */
export function wordsOf(text: string): string[] {
  return text
    .split(/\s+/u)
    .map(word => word.replace(/\p{Cc}/gu, ''))
    .filter(word => word !== '');
}
