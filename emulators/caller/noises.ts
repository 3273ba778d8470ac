/** Sounds without words: a cough, a hiss. The same every time, so that a test that fails once fails again. */

const SAMPLE_RATE = 16_000;

/** A burst with a hard onset, a dull sound and a dying tail. */
export function coughSound(ms: number): Int16Array {
  const random = seeded(ms + 1);
  let low = 0;
  const pcm = new Int16Array((ms * SAMPLE_RATE) / 1000);
  for (let i = 0; i < pcm.length; i += 1) {
    low += 0.35 * (random() * 2 - 1 - low);
    const attack = Math.min(1, i / 80);
    pcm[i] = Math.round(18_000 * low * attack * Math.exp((-2.5 * i) / pcm.length));
  }
  return pcm;
}

/** White noise of a level, as root mean square in sample units. */
export function noiseSound(ms: number, level: number): Int16Array {
  const random = seeded(ms + 2);
  const peak = level * Math.sqrt(3);
  return Int16Array.from({ length: (ms * SAMPLE_RATE) / 1000 }, () =>
    Math.max(-32_768, Math.min(32_767, Math.round((random() * 2 - 1) * peak))),
  );
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
