/** The audio a recognizer sends: a RIFF header that names the format, then bare samples, which become 16-bit PCM. */
import { fromALaw, fromMuLaw } from '../g711.ts';

export interface WaveFormat {
  sampleRate: number;
  bytesPerSample: 1 | 2;
  coding: 'pcm' | 'mu-law' | 'a-law';
}

const CODINGS: Readonly<Record<number, WaveFormat['coding']>> = { 1: 'pcm', 6: 'a-law', 7: 'mu-law' };
const SAMPLE_RATES = [8000, 16_000, 22_050, 24_000, 44_100, 48_000];

/** Reads the 44-byte header; a format no telephone agent sends is an Error that names it. */
export function readWaveHeader(header: Buffer): WaveFormat {
  if (header.length < 44 || header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('The audio header is not RIFF/WAVE.');
  }
  const coding = CODINGS[header.readUInt16LE(20)];
  const channels = header.readUInt16LE(22);
  const sampleRate = header.readUInt32LE(24);
  const bits = header.readUInt16LE(34);
  if (!coding || channels !== 1 || !SAMPLE_RATES.includes(sampleRate) || bits !== (coding === 'pcm' ? 16 : 8)) {
    throw new Error(
      `Audio of format tag ${header.readUInt16LE(20)}, ${sampleRate} Hz, ${bits} bit, ${channels} channels is not supported.`,
    );
  }
  return { sampleRate, coding, bytesPerSample: coding === 'pcm' ? 2 : 1 };
}

/** Turns bytes into samples, keeping half a sample over to the next message. */
export function createSampleReader({ coding }: WaveFormat): (bytes: Buffer) => Int16Array {
  if (coding !== 'pcm') {
    const expand = coding === 'mu-law' ? fromMuLaw : fromALaw;
    const table = Int16Array.from({ length: 256 }, (_, byte) => expand(byte));
    return bytes => Int16Array.from(bytes, byte => table[byte]!);
  }
  let odd: Buffer | undefined;
  return bytes => {
    const whole = odd ? Buffer.concat([odd, bytes]) : bytes;
    // A copy, because a message need not begin on an even address; samples are little-endian, as is every host.
    const samples = new Int16Array(whole.length >> 1);
    whole.copy(new Uint8Array(samples.buffer), 0, 0, samples.length * 2);
    odd = whole.length & 1 ? whole.subarray(whole.length - 1) : undefined;
    return samples;
  };
}
