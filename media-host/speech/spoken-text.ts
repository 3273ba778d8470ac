/**
 * What a synthesiser should say of a text a model wrote for eyes: no markdown, no tags, no emoji, no characters that have
 * no sound. It works on one piece at a time, so it also removes marks whose other half is in another piece.
 */
export function spokenText(text: string): string {
  let spoken = text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .replace(soundless, '');
  for (const [pattern, kept] of markup) spoken = spoken.replace(pattern, kept);
  spoken = spoken
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => entities[name] ?? ' ')
    .replace(emoji, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/ ([,.;:!?])(?=\s|$)/g, '$1')
    .trim();
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : '';
}

/** Soft hyphens, marks of direction, private characters and halves of characters. Joiners stay: some scripts need them. */
const soundless = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\p{Co}\p{Cs}]/gu;

const emoji =
  /(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20e3|\ufe0e|\ufe0f)(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\u20e3|\ufe0f|[\u{e0020}-\u{e007f}])*/gu;

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
};

const markup: readonly [RegExp, string][] = [
  [/```[a-z]*/giu, ' '],
  [/`/g, ''],
  [/!?\[([^\]]*)\]\([^)\s]*(?:\s"[^"]*")?\)/gu, '$1'],
  [/\]\([^)\s]*\)?/gu, ''],
  [/<((?:https?:\/\/|mailto:)[^\s<>]+)>/giu, '$1'],
  [/<!--.*?-->/gsu, ' '],
  [/<\/?[a-z][^<>]*>/giu, ' '],
  [/^[ \t]*(?:[-*_] ?){3,}$/gmu, ' '],
  [/^[ \t]*(?:#{1,6}|>+|[-*+•‣▪])[ \t]+/gmu, ''],
  [/\|[ :|-]*/gu, ' '],
  [/\*{2,}|~{2,}|_{2,}/g, ''],
  [/(?<![\p{L}\p{N} ])\*|(?<=\s|^)\*(?=\S)|(?<=\S)\*(?![\p{L}\p{N}])|\*(?=\p{L})/gmu, ''],
  [/(?<![\p{L}\p{N}_@/.])_|_(?![\p{L}\p{N}_@])/gu, ''],
];
