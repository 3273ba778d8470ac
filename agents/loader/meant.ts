import { nearest } from '../../contracts/nearest.ts';

/** The end of a sentence about an unknown name: the name that was meant, or else all that are known. */
export function meant(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near ? `; did you mean ${near}?` : `. Known: ${known.join(', ') || 'none'}.`;
}
