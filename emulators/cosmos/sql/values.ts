/**
 * JSON values plus `undefined`, and how the query language orders and compares them. Order of types:
 * undefined < null < bool < number < string < array < object.
 */
export function typeRank(value: unknown): number {
  if (value === undefined) return 0;
  if (value === null) return 1;
  if (typeof value === 'boolean') return 2;
  if (typeof value === 'number') return 3;
  if (typeof value === 'string') return 4;
  return Array.isArray(value) ? 5 : 6;
}

const ARRAY_RANK = 5;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep equality; two values of different types are never equal. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && deepEqual(a[key], b[key]));
}

/** Total order for ORDER BY, MIN and MAX: by type first, then by value. Strings compare by UTF-16 code unit. */
export function compareValues(a: unknown, b: unknown): number {
  const rank = typeRank(a);
  const difference = rank - typeRank(b);
  if (difference !== 0) return difference;
  if (rank >= ARRAY_RANK) return compareText(canonical(a), canonical(b));
  if (rank <= 1 || a === b) return 0;
  return (a as number) < (b as number) ? -1 : 1;
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** `<`, `>` and kin: the sign of the difference, or undefined across types and for arrays and objects. */
export function rangeCompare(a: unknown, b: unknown): number | undefined {
  const rank = typeRank(a);
  if (rank === 0 || rank >= ARRAY_RANK || rank !== typeRank(b)) return undefined;
  return compareValues(a, b);
}

/** `=` with undefined: not known. Across types: false. */
export function equals(a: unknown, b: unknown): boolean | undefined {
  return a === undefined || b === undefined ? undefined : deepEqual(a, b);
}

/** One text per distinct value, whatever the order of object keys. */
export function canonical(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

/** A property or element, never an inherited one; undefined when there is none. */
export function memberOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    return typeof key === 'number' && Number.isInteger(key) ? value[key] : undefined;
  }
  if (!isObject(value) || typeof key !== 'string') return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Sets a field even when it is called `__proto__`; leaves undefined out, as JSON does. */
export function setField(target: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) return;
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A number JSON can carry, or undefined. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
