/** The raw output formats the Speech SDK can ask for, as a sample rate and a way to turn samples into bytes. */
import { toALaw, toMuLaw } from '../g711.ts';

export interface OutputFormat {
  sampleRate: number;
  bytesPerSample: 1 | 2;
  write(pcm: Int16Array): Buffer;
}

/** Undefined for a format the stand-in does not speak (compressed ones). */
export function outputFormat(name: string): OutputFormat | undefined {
  const [, khz, coding] = /^(?:raw|riff)-(\d+)khz-(?:\d+)bit-mono-(pcm|mulaw|alaw)$/.exec(name) ?? [];
  const sampleRate = SAMPLE_RATES[khz ?? ''];
  if (!sampleRate) return undefined;
  if (coding === 'pcm') return { sampleRate, bytesPerSample: 2, write: toBytes };
  const compress = coding === 'mulaw' ? toMuLaw : toALaw;
  return { sampleRate, bytesPerSample: 1, write: pcm => Buffer.from(Uint8Array.from(pcm, compress)) };
}

const SAMPLE_RATES: Readonly<Record<string, number>> = {
  8: 8000,
  16: 16_000,
  22050: 22_050,
  24: 24_000,
  44100: 44_100,
  48: 48_000,
};

/** Little-endian, as is every host. */
function toBytes(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
