import { plainTokens, plainWords } from '../turn/words/tokens.ts';

/** Parts of a text that are found by their words, however these are written. */

/** `text` with its last words written as `ending` has them; undefined where it does not end with these. */
export function endingAs(text: string, ending: string): string | undefined {
  const expected = plainWords(ending);
  const last = plainTokens(text).slice(-expected.length);
  const first = last[0];
  if (expected.length === 0 || !first || last.map(word => word.text).join(' ') !== expected.join(' ')) return undefined;
  return text.slice(0, first.start) + ending;
}

/** What `text` says after the words of `before`; undefined where it does not begin with them. */
export function afterWords(text: string, before: string): string | undefined {
  const expected = plainWords(before);
  if (expected.length === 0) return text.trim();
  const found = plainTokens(text).slice(0, expected.length);
  if (found.length < expected.length || found.some((word, at) => word.text !== expected[at])) return undefined;
  return text
    .slice(found.at(-1)?.end ?? 0)
    .replace(/^[\s.,;:!?…。、"'”’»)\]]+/u, '')
    .trimEnd();
}
