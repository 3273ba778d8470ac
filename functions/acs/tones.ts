import type { AcsTone } from './call-automation.ts';

/** Keys of a telephone, and ACS's words for them. */
const words = {
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

/** Characters that are no key are left out. */
export function toneWords(keys: string): AcsTone[] {
  // The SDK's enum has exactly these words as its values.
  return [...keys.toUpperCase()].flatMap(key => (words as Record<string, string>)[key] ?? []) as AcsTone[];
}
