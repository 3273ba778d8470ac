/**
 * Words as they are compared: without case, punctuation and the shape of apostrophes. Recognition tells the same words
 * first plain and then written well, and a model spells a sentence as it likes.
 */
const word = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;

const plain = (found: string): string => found.normalize('NFKC').replace(/['’]/gu, '').toLowerCase();

export function plainWords(text: string): string[] {
  return (text.match(word) ?? []).map(plain);
}

export function sameWords(one: string, other: string): boolean {
  return plainWords(one).join(' ') === plainWords(other).join(' ');
}

/** `text` with its last words written as `ending` has them; undefined where it does not end with these. */
export function endingAs(text: string, ending: string): string | undefined {
  const found = [...text.matchAll(word)];
  const expected = plainWords(ending);
  const last = found.slice(-expected.length);
  const first = last[0];
  if (expected.length === 0 || !first || last.map(({ 0: said }) => plain(said)).join(' ') !== expected.join(' '))
    return undefined;
  return text.slice(0, first.index) + ending;
}

/** What `text` says after the words of `before`; undefined where it does not begin with them. */
export function afterWords(text: string, before: string): string | undefined {
  const expected = plainWords(before);
  if (expected.length === 0) return text.trim();
  const found = [...text.matchAll(word)].slice(0, expected.length);
  if (found.length < expected.length || found.some(({ 0: said }, at) => plain(said) !== expected[at])) return undefined;
  const last = found.at(-1);
  return text
    .slice(last ? last.index + last[0].length : 0)
    .replace(/^[\s.,;:!?…。、"'”’»)\]]+/u, '')
    .trimEnd();
}
