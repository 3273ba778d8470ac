/** DTMF: REST and callbacks say words, the media socket says characters, the phone line takes both. */
const words: Record<string, string> = {
  '0': 'zero',
  '1': 'one',
  '2': 'two',
  '3': 'three',
  '4': 'four',
  '5': 'five',
  '6': 'six',
  '7': 'seven',
  '8': 'eight',
  '9': 'nine',
  A: 'a',
  B: 'b',
  C: 'c',
  D: 'd',
  '#': 'pound',
  '*': 'asterisk',
};

export const toneWords: readonly string[] = Object.values(words);

/** The word of a tone given as word or character; undefined when it is neither. */
export function toneWord(tone: string): string | undefined {
  const lower = tone.toLowerCase();
  return words[tone.toUpperCase()] ?? (toneWords.includes(lower) ? lower : undefined);
}

/** The key of a tone word, as `DtmfData` and the phone line write it. */
export function toneKey(word: string): string {
  return Object.keys(words).find(key => words[key] === word) ?? word;
}
