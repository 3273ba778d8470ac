/** Pure tones and how much of one is left in a sound: the least-squares sine of its pitch, and what that leaves over. */
export function tone({ hz, rate, ms, peak = 16_000 }: { hz: number; rate: number; ms: number; peak?: number }) {
  return Int16Array.from({ length: (rate * ms) / 1000 }, (_, i) =>
    Math.round(peak * Math.sin((2 * Math.PI * hz * i) / rate)),
  );
}

/** @returns the sine's peak, and its power over that of everything else, in dB. */
export function toneFit(pcm: Int16Array, hz: number, rate: number): { peak: number; snrDb: number } {
  const step = (2 * Math.PI * hz) / rate;
  let [ss, cc, sc, xs, xc] = [0, 0, 0, 0, 0];
  pcm.forEach((x, i) => {
    const s = Math.sin(step * i);
    const c = Math.cos(step * i);
    ss += s * s;
    cc += c * c;
    sc += s * c;
    xs += x * s;
    xc += x * c;
  });
  const determinant = ss * cc - sc * sc;
  const sine = (xs * cc - xc * sc) / determinant;
  const cosine = (xc * ss - xs * sc) / determinant;
  const errors = Float64Array.from(pcm, (x, i) => x - sine * Math.sin(step * i) - cosine * Math.cos(step * i));
  const peak = Math.hypot(sine, cosine);
  return { peak, snrDb: 20 * Math.log10(peak / Math.SQRT2 / rms(errors)) };
}

export function rms(samples: Int16Array | Float64Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

export const decibels = (ratio: number): number => 20 * Math.log10(ratio);
