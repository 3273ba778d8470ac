import { canonical, deepEqual, isObject, memberOf, setField } from '../values.ts';
import type { BuiltIn } from './registry.ts';

/** A partial match asks only that every field of `part` is there and alike. */
function covers(whole: unknown, part: unknown): boolean {
  if (!isObject(whole) || !isObject(part)) return deepEqual(whole, part);
  return Object.keys(part).every(key => Object.hasOwn(whole, key) && covers(whole[key], part[key]));
}

function contains(list: unknown[], item: unknown, partial: boolean): boolean {
  return list.some(candidate => (partial ? covers(candidate, item) : deepEqual(candidate, item)));
}

function ofArrays(compute: (...arrays: unknown[][]) => unknown, takes: [number, number]): BuiltIn {
  return {
    takes,
    compute: args => (args.every(Array.isArray) ? compute(...(args as unknown[][])) : undefined),
  };
}

function anyOrAll(decide: (items: unknown[], holds: (item: unknown) => boolean) => boolean): BuiltIn {
  return {
    takes: [2, Number.POSITIVE_INFINITY],
    compute: ([list, ...items]) =>
      Array.isArray(list) ? decide(items, item => item !== undefined && contains(list, item, false)) : undefined,
  };
}

function unique(list: unknown[]): unknown[] {
  return [...new Map(list.map(item => [canonical(item), item])).values()];
}

function overNumbers(fold: (numbers: number[]) => number | undefined): BuiltIn {
  return ofArrays(list => (list!.every(item => typeof item === 'number') ? fold(list as number[]) : undefined), [1, 1]);
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A negative start counts from the end. */
function slice(list: unknown[], start: number, count: number | undefined): unknown[] {
  const from = start < 0 ? Math.max(0, list.length + start) : start;
  if (count === undefined) return list.slice(from);
  return count <= 0 ? [] : list.slice(from, from + count);
}

export const ARRAYS: Record<string, BuiltIn> = {
  ARRAY_LENGTH: ofArrays(list => list!.length, [1, 1]),
  ARRAY_CONCAT: ofArrays((...lists) => lists.flat(1), [2, Number.POSITIVE_INFINITY]),
  ARRAY_CONTAINS: {
    takes: [2, 3],
    compute: ([list, item, partial = false]) =>
      Array.isArray(list) && item !== undefined ? contains(list, item, partial === true) : undefined,
  },
  ARRAY_CONTAINS_ANY: anyOrAll((items, holds) => items.some(holds)),
  ARRAY_CONTAINS_ALL: anyOrAll((items, holds) => items.every(holds)),
  ARRAY_SLICE: {
    takes: [2, 3],
    compute: ([list, start, count]) => {
      if (!Array.isArray(list) || typeof start !== 'number') return undefined;
      if (count !== undefined && typeof count !== 'number') return undefined;
      return slice(list, Math.trunc(start), count === undefined ? undefined : Math.trunc(count));
    },
  },
  ARRAY_SUM: overNumbers(sum),
  ARRAY_AVG: overNumbers(numbers => (numbers.length === 0 ? undefined : sum(numbers) / numbers.length)),
  ARRAY_MIN: overNumbers(numbers => (numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b)))),
  ARRAY_MAX: overNumbers(numbers => (numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.max(a, b)))),
  SETINTERSECT: ofArrays((a, b) => unique(a!).filter(item => contains(b!, item, false)), [2, 2]),
  SETUNION: ofArrays((a, b) => unique([...a!, ...b!]), [2, 2]),
  SETDIFFERENCE: ofArrays((a, b) => unique(a!).filter(item => !contains(b!, item, false)), [2, 2]),
  OBJECTTOARRAY: {
    takes: [1, 3],
    compute: ([object, key = 'k', value = 'v']) => {
      if (!isObject(object) || typeof key !== 'string' || typeof value !== 'string') return undefined;
      return Object.keys(object).map(name => {
        const pair: Record<string, unknown> = {};
        setField(pair, key, name);
        setField(pair, value, memberOf(object, name));
        return pair;
      });
    },
  },
};
