/** Numbers in [0, 1) that come again in the same order: what fails once fails again. */
export function seeded(seed: number): () => number {
  // Neighbouring seeds are to differ from the first number on.
  let state = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A seed for a name or a number, so that every caller is somebody else, and always the same. */
export function seedOf(name: string): number {
  let seed = 7;
  for (const letter of name) seed = (Math.imul(seed, 31) + letter.codePointAt(0)!) >>> 0;
  return seed;
}
