/** How the languages' tables are written: lists with commas, which stay readable at four hundred words. */

/** "and, as well as" */
export function list(text: string): readonly string[] {
  return text.split(',').map(entry => entry.trim().replace(/\s+/g, ' '));
}

/** "zero 0, one 1" */
export function values(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    list(text).map(entry => {
      const [word = '', value = ''] = entry.split(' ');
      return [word, Number(value)];
    }),
  );
}

/** "gonna: going to, ok: okay" */
export function pairs(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(list(text).map(entry => entry.split(': ') as [string, string]));
}
