/**
 * The tone alphabet: one byte is one burst of two tones, so that words survive a telephone line. Encoder and decoder share
 * only these numbers, the checksum and the framing.
 */

/** Sixteen tones for each half of a byte, in Hz: the highest is 3450 Hz, inside the telephone band. */
export const LOW_TONES_HZ: readonly number[] = Array.from({ length: 16 }, (_, i) => 600 + 90 * i);
export const HIGH_TONES_HZ: readonly number[] = Array.from({ length: 16 }, (_, i) => 2100 + 90 * i);

/** Length of the sounding part of a symbol, in ms. */
export const TONE_MS = 30;
/** Length of a symbol with the silence after it, in ms: 25 symbols a second. */
export const SYMBOL_MS = 40;
/** Fade in and out of a tone, in ms: a click would smear over all sixteen tones. */
export const RAMP_MS = 3;
/** Peak of each of the two tones, in 16-bit sample units. */
export const AMPLITUDE = 6000;

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
