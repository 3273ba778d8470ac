/**
 * The agent's voice on the stage: sound that says of every two milliseconds which word they belong to and where in it they
 * stand. The number is written in the signs of the samples, so a lowered voice can be read as well as a loud one.
 */
export const blockMs = 2;
const blockSamples = 32;
const loudness = 3000;
const positionBits = 12;
const wordBits = 14;
/** Makes silence, noise and shifted blocks fail the check, and keeps the signs in balance. */
const mask = 0x5a3c96a5 | 0;

const checkOf = (value: number): number => (value ^ (value >>> 6) ^ (value >>> 12) ^ (value >>> 18)) & 0x3f;

/** Writes `ms` (even) of word `word` into `pcm` from sample `at` on. @returns where the next word begins */
export function writeWord(pcm: Int16Array, at: number, word: number, ms: number): number {
  let to = at;
  for (let position = 0; position < ms / blockMs; position++) {
    const value = (word << positionBits) | position;
    const signs = ((value << 6) | checkOf(value)) ^ mask;
    for (let bit = 0; bit < blockSamples; bit++) pcm[to++] = (signs >>> bit) & 1 ? loudness : -loudness;
  }
  return to;
}

/** A stretch of one word within a frame. */
export interface CodedRun {
  word: number;
  /** Blocks of the word, from its first on. */
  from: number;
  to: number;
  /** Milliseconds into the frame. */
  atMs: number;
  /** 1 is as loud as it was made. */
  gain: number;
}

/** @throws Error where there is sound that nobody made. */
export function readFrame(pcm: Int16Array): CodedRun[] {
  const runs: CodedRun[] = [];
  for (let at = 0; at + blockSamples <= pcm.length; ) {
    if (pcm[at] === 0) {
      at += 1;
      continue;
    }
    const value = readBlock(pcm, at);
    if (value === undefined) throw new Error(`sound at sample ${at} of a frame is no word's`);
    const word = value >>> positionBits;
    const position = value & ((1 << positionBits) - 1);
    const last = runs.at(-1);
    if (last?.word === word && last.to === position) last.to++;
    else {
      const gain = Math.abs(pcm[at] ?? 0) / loudness;
      runs.push({ word, from: position, to: position + 1, atMs: Math.round((at / blockSamples) * blockMs), gain });
    }
    at += blockSamples;
  }
  return runs;
}

function readBlock(pcm: Int16Array, at: number): number | undefined {
  let signs = 0;
  for (let bit = 0; bit < blockSamples; bit++) if ((pcm[at + bit] ?? 0) > 0) signs |= 1 << bit;
  const code = (signs ^ mask) >>> 0;
  const value = code >>> 6;
  return (code & 0x3f) === checkOf(value) && value >>> positionBits < 1 << wordBits ? value : undefined;
}
