/**
 * Is a stretch of sound nothing but one or two steady tones (a key, a signal of the exchange)? Two tones are predicted from
 * the four samples before almost without rest; a voice is not.
 */
const taps = 4;

/** The part of the stretch's power that four samples do not foretell; 0 where two tones are all there is. */
export function unforetold(pcm: Int16Array, from: number, length: number): number {
  // At 8 kHz: sound of a telephone fills that band, so that predictable does not merely mean narrow.
  const n = length >> 1;
  for (let i = 0; i < n; i++) half[i] = pcm[from + 2 * i]! + pcm[from + 2 * i + 1]!;
  covariance.fill(0);
  for (let i = taps; i < n; i++) {
    for (let a = 0; a <= taps; a++) {
      const x = half[i - a]!;
      for (let b = a; b <= taps; b++) covariance[a * width + b]! += x * half[i - b]!;
    }
  }
  const power = covariance[0]!;
  return power === 0 ? 1 : rest() / power;
}

const width = taps + 1;
const half = new Float64Array(512);
const covariance = new Float64Array(width * width);

/** Gaussian elimination of the past from the present: what is left of the first corner is the power not foretold. */
function rest(): number {
  const c = covariance;
  const ridge = 1e-7 * c[0]!;
  for (let k = taps; k > 0; k--) {
    const pivot = c[k * width + k]! + ridge;
    for (let a = 0; a < k; a++) {
      const f = c[a * width + k]! / pivot;
      for (let b = a; b < k; b++) c[a * width + b]! -= f * c[b * width + k]!;
    }
  }
  return Math.max(0, c[0]!);
}
