/** Energy in speech bands of a short window of sound, at any sample rate: the same sound gives the same bands. */

/** Edges in Hz, even to the ear, inside the telephone band. */
const EDGES_HZ = [180, 320, 480, 660, 870, 1110, 1400, 1740, 2140, 2620, 3200];
export const BANDS = EDGES_HZ.length - 1;
/** Sound looked at, in ms. */
export const WINDOW_MS = 32;

/** Returns a function that writes the energy of each band of `samples` (one window) into `bands`. */
export function createSpectrum(sampleRate: number): (samples: Float64Array, bands: Float64Array) => void {
  const length = windowLength(sampleRate);
  const size = 2 ** Math.ceil(Math.log2(length));
  const hann = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length));
  const cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  const order = bitReversed(size);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const edges = EDGES_HZ.map(hz => Math.round((hz * size) / sampleRate));
  // Longer windows of faster streams gather more energy; level does not matter, so neither does this.
  return (samples, bands) => {
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < length; i += 1) re[order[i]!] = samples[i]! * hann[i]!;
    transform(re, im, cosines, sines);
    for (let band = 0; band < BANDS; band += 1) {
      let energy = 0;
      for (let bin = edges[band]!; bin < edges[band + 1]!; bin += 1)
        energy += re[bin]! * re[bin]! + im[bin]! * im[bin]!;
      bands[band] = energy;
    }
  };
}

export function windowLength(sampleRate: number): number {
  return Math.round((WINDOW_MS * sampleRate) / 1000);
}

/** Fast Fourier transform in place; the input is in bit-reversed order. */
function transform(re: Float64Array, im: Float64Array, cosines: Float64Array, sines: Float64Array): void {
  const size = re.length;
  for (let half = 1; half < size; half *= 2) {
    const step = size / (half * 2);
    for (let start = 0; start < size; start += half * 2) {
      for (let i = 0; i < half; i += 1) {
        const a = start + i;
        const b = a + half;
        const c = cosines[i * step]!;
        const s = sines[i * step]!;
        const real = re[b]! * c - im[b]! * s;
        const imaginary = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - real;
        im[b] = im[a]! - imaginary;
        re[a] = re[a]! + real;
        im[a] = im[a]! + imaginary;
      }
    }
  }
}

function bitReversed(size: number): Uint16Array {
  const bits = Math.log2(size);
  return Uint16Array.from({ length: size }, (_, i) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit += 1) if (i & (1 << bit)) reversed |= 1 << (bits - 1 - bit);
    return reversed;
  });
}
