/**
 * Takes what is personal out of text and values that leave the conversation: for records, logs, and what one agent is told
 * of another's. A number keeps its last two digits, so that people who know it can tell it from another.
 */
const address = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
/** Two letters, two digits, then letters and digits: in one piece, or in groups of four with a shorter one at the end. */
const iban = /\b[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?:[ -][A-Z0-9]{4}){2,7}(?:[ -][A-Z0-9]{1,3})?)(?![A-Z0-9])/gi;
/** Digits as people write them: in groups, with a plus, in brackets. */
const number = /\p{Nd}(?:[ ./()–-]{0,2}\p{Nd})*/gu;

/** Fewer digits are a year's part, a price, an hour: they tell nobody from another. */
const fewestDigits = 4;

/** The text without e-mail addresses, account numbers and whatever else has four digits or more. */
export function masked(text: string): string {
  return text
    .replace(address, '…@…')
    .replace(iban, account => `…${account.slice(-2)}`)
    .replace(number, digits => {
      const bare = digits.match(/\p{Nd}/gu) ?? [];
      return bare.length < fewestDigits ? digits : `…${bare.slice(-2).join('')}`;
    });
}

/** The value without the fields of these names, however deep. What is no JSON is left as it is. */
export function withoutPersonal(value: unknown, names: readonly string[]): unknown {
  if (names.length === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(item => withoutPersonal(item, names));
  const kept = Object.entries(value).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutPersonal(field, names)]));
}

/** What stands in the fields of these names, however deep: the words a text must not hold. */
export function personalValues(value: unknown, names: readonly string[]): string[] {
  if (names.length === 0 || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    names.includes(name) ? leaves(field) : personalValues(field, names),
  );
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

/** The text with each of these words, or of their parts of three letters and more, taken out. */
export function withoutWords(text: string, words: readonly string[]): string {
  const parts = words.flatMap(word => [word, ...word.split(/\s+/)]).filter(part => part.length >= 3);
  const longestFirst = [...new Set(parts)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, part) => left.replaceAll(new RegExp(escaped(part), 'giu'), '…'), text);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
