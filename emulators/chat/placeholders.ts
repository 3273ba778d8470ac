/** Fills `{{…}}` in what a rule says, from the user's words and from the output of a tool. */

const placeholder = /\{\{\s*([^{}|]+?)\s*(?:\|\s*(capital|lower)\s*)?\}\}/g;

/** What placeholders may name: named groups by their name, `user`, `tool.<path>`, `tools.<name>.<path>`. */
export type Values = Record<string, unknown>;

/** The names used in every text inside `value`. */
export function placeholdersIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map(found => found[1]!);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(placeholdersIn);
  return [];
}

/**
 * Fills the texts anywhere inside `value`. What is not there becomes nothing, and the space it leaves is closed, so that
 * an optional note may stand in the middle of a sentence. `{{day | capital}}` starts with a
 * capital letter, `{{day | lower}}` has none.
 */
export function fill<T>(value: T, values: Values): T {
  if (typeof value === 'string') return fillText(value, values) as T;
  if (Array.isArray(value)) return value.map(entry => fill(entry, values)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, values)])) as T;
}

function fillText(text: string, values: Values): string {
  if (!text.includes('{{')) return text;
  const filled = text.replace(placeholder, (_, path: string, filter?: string) => {
    const found = wordsOf(valueAt(values, path.split('.')));
    if (filter === 'lower') return found.toLowerCase();
    return filter === 'capital' ? found.charAt(0).toUpperCase() + found.slice(1) : found;
  });
  return filled.replace(/ {2,}/g, ' ').trim();
}

function valueAt(values: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Values)[key] : undefined),
    values,
  );
}

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
