/**
 * 16 kHz to 24 kHz and back for one stream, frame by frame, with one windowed-sinc filter at the common rate of 48 kHz.
 * The filter matters: stand-ins carry words as tones, and linear interpolation would fold them onto each other.
 */

const tapsPerPhase = 16;

/** Turns every 20 ms frame of `from` Hz into one of `to` Hz; keeps its history between frames. */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #filters: Float32Array[];
  /** The end of the last frame, then the frame at work. */
  readonly #samples: Float32Array;

  constructor(from: 16_000 | 24_000, to: 16_000 | 24_000) {
    this.#up = 48_000 / from;
    this.#down = 48_000 / to;
    const reach = from > to ? tapsPerPhase + tapsPerPhase / 2 : tapsPerPhase;
    this.#filters = polyphase(this.#up, reach, Math.min(from, to) / 2 / 48_000);
    this.#samples = new Float32Array(reach - 1 + from / 50);
  }

  /** @param input one 20 ms frame of PCM16 little-endian. @param output room for the same time. */
  run(input: Buffer, output: Buffer): void {
    const samples = this.#samples;
    const before = samples.length - input.length / 2;
    samples.copyWithin(0, samples.length - before);
    samples.set(view(input), before);
    const out = view(output);
    for (let n = 0, at = 0; n < out.length; n++, at += this.#down) {
      const filter = this.#filters[at % this.#up]!;
      const newest = before + Math.floor(at / this.#up);
      let sum = 0;
      for (let tap = 0; tap < filter.length; tap++) sum += filter[tap]! * samples[newest - tap]!;
      out[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
  }

  /** Forgets the past, as after a cut in the stream. */
  reset(): void {
    this.#samples.fill(0);
  }
}

/** Samples in place; every buffer here starts on an even byte, and every machine here is little-endian. */
function view(pcm: Buffer): Int16Array {
  return new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
}

function polyphase(up: number, reach: number, cutoff: number): Float32Array[] {
  const length = up * reach;
  const middle = (length - 1) / 2;
  const taps = Array.from({ length }, (_, n) => {
    const x = 2 * cutoff * 0.92 * (n - middle);
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return sinc * (0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
  });
  return Array.from({ length: up }, (_, phase) => {
    const filter = Float32Array.from({ length: reach }, (_, tap) => taps[tap * up + phase]!);
    const gain = filter.reduce((sum, tap) => sum + tap, 0);
    return filter.map(tap => tap / gain);
  });
}
