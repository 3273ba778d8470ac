/**
 * The sound of the callers' voices: stretches of synthetic speech below 5.2 kHz, each beginning with a loud sample, and
 * backchannels that sound as themselves. What the speech says does not matter; `make-bank.ts` has made it.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface BankVoice {
  name: string;
  /** Speech without pauses, 16 kHz. */
  clips: readonly Int16Array[];
  /** By word, in lower case. */
  backchannels: ReadonlyMap<string, Int16Array>;
}

/** First sample and one past the last. */
const span = z.tuple([z.int().nonnegative(), z.int().positive()]);
const indexFile = z.object({
  voices: z.array(z.object({ name: z.string(), clips: z.array(span), backchannels: z.record(z.string(), span) })),
});
export type BankIndex = z.infer<typeof indexFile>;

/** `bank.wav` is mono mu-law with a header of this size. */
export const WAVE_HEADER_BYTES = 58;

let bank: readonly BankVoice[] | undefined;

/** All voices; read at the first call. */
export function bankVoices(): readonly BankVoice[] {
  bank ??= readBank();
  return bank;
}

function readBank(): BankVoice[] {
  const wave = readFileSync(new URL('bank.wav', import.meta.url)).subarray(WAVE_HEADER_BYTES);
  const index = indexFile.parse(JSON.parse(readFileSync(new URL('bank.json', import.meta.url), 'utf8')));
  const expanded = Int16Array.from({ length: 256 }, (_, byte) => expandMuLaw(byte));
  const samples = Int16Array.from(wave, byte => expanded[byte]!);
  const cut = ([from, to]: [number, number]): Int16Array => samples.subarray(from, to);
  return index.voices.map(({ name, clips, backchannels }) => ({
    name,
    clips: clips.map(cut),
    backchannels: new Map(Object.entries(backchannels).map(([word, place]) => [word, cut(place)])),
  }));
}

/** ITU-T G.711: one byte to a 16-bit sample. */
export function expandMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const size = (((code & 15) << 3) + 132) << ((code >> 4) & 7);
  return code & 0x80 ? 132 - size : size - 132;
}
