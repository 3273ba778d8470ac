import { isObject } from '../values.ts';
import type { BuiltIn } from './registry.ts';

/** StringTo…: what JSON would read, if it is of the type asked for. Padding blanks are ignored. */
function parsing(accepts: (value: unknown) => boolean): BuiltIn {
  return {
    takes: [1, 1],
    compute: ([text]) => {
      const value = typeof text === 'string' ? readJson(text) : undefined;
      return accepts(value) ? value : undefined;
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value === undefined ? undefined : JSON.stringify(value);
}

export const CONVERSIONS: Record<string, BuiltIn> = {
  STRINGTOARRAY: parsing(Array.isArray),
  STRINGTOBOOLEAN: parsing(value => typeof value === 'boolean'),
  STRINGTONULL: parsing(value => value === null),
  STRINGTONUMBER: parsing(value => typeof value === 'number'),
  STRINGTOOBJECT: parsing(isObject),
  TOSTRING: { takes: [1, 1], compute: ([value]) => toText(value) },
};
