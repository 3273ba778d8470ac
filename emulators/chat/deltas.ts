/**
 * Cuts an answer into the pieces it is streamed in. The cut depends on the seed and the text alone, so that the same
 * answer is the same stream however many calls run beside it.
 */

/** Pieces of 1 to 3 words, each with the space before it; joined they are the text. */
export function textDeltas(text: string, seed: number): string[] {
  const words = text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text === '' ? [] : [text]);
  return inGroups(words, randomOf(seed, text), 1, 3);
}

/** Pieces of 3 to 12 characters of a call's arguments. */
export function argumentDeltas(json: string, seed: number): string[] {
  return inGroups([...json], randomOf(seed, json), 3, 12);
}

/** Milliseconds added to each gap. */
export function jitters(count: number, upToMs: number, seed: number): number[] {
  const random = randomOf(seed, `${count}`);
  return Array.from({ length: count }, () => Math.round(random() * upToMs));
}

function inGroups(parts: string[], random: () => number, least: number, most: number): string[] {
  const groups: string[] = [];
  for (let at = 0; at < parts.length; ) {
    const size = least + Math.floor(random() * (most - least + 1));
    groups.push(parts.slice(at, at + size).join(''));
    at += size;
  }
  return groups;
}

/** Numbers in [0, 1) that are the same for the same seed and text (mulberry32 over an FNV-1a hash). */
function randomOf(seed: number, text: string): () => number {
  let state = (2166136261 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 16777619) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
