import { toneWords } from './tones.ts';

const keyOfWord = new Map<string, string>([...'0123456789ABCD#*'].map(key => [String(toneWords(key)[0]), key]));

/** The key ACS means by its word, or by the key itself as some of its papers print it; undefined for what is no key. */
export function toneKey(word: string): string | undefined {
  const key = word.toUpperCase();
  return keyOfWord.get(word.toLowerCase()) ?? (/^[0-9A-D#*]$/.test(key) ? key : undefined);
}
