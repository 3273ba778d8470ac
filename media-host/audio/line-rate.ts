import { createResampler, type Resampler, type SampleRate, sampleRates } from './resample.ts';

/**
 * The line's sample rate is ACS's choice and may change while a call lives; everything behind it works at one. Where both
 * are the same, which is the rule, sound passes untouched.
 */
export interface LineRate {
  /** @returns false where the line speaks a rate that cannot be had */
  set(hz: number): boolean;
  /** From the line: PCM 16 bit mono. */
  inbound(pcm: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  /** To the line; the result is only lent, like what is given. */
  outbound(pcm: Uint8Array): Uint8Array;
}

export function createLineRate(own: SampleRate): LineRate {
  let line: SampleRate = own;
  let into: Resampler | undefined;
  let outOf: Resampler | undefined;
  const isRate = (hz: number): hz is SampleRate => (sampleRates as readonly number[]).includes(hz);

  return {
    set: hz => {
      if (!isRate(hz)) return false;
      if (hz === line) return true;
      line = hz;
      into = hz === own ? undefined : createResampler({ from: hz, to: own });
      outOf = hz === own ? undefined : createResampler({ from: own, to: hz });
      return true;
    },
    inbound: pcm => (into ? bytesOf(into.push(samplesOf(pcm))) : pcm),
    outbound: pcm => (outOf ? bytesOf(outOf.push(samplesOf(pcm))) : pcm),
  };
}

const samplesOf = (pcm: Uint8Array): Int16Array => new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1);
const bytesOf = (samples: Int16Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(samples.buffer as ArrayBuffer, samples.byteOffset, samples.byteLength);
