import { isObject } from '../values.ts';
import type { BuiltIn } from './registry.ts';

/** Type tests answer true or false, never undefined: also for a property that is not there. */
function test(holds: (value: unknown) => boolean): BuiltIn {
  return { takes: [1, 1], compute: ([value]) => holds(value) };
}

const MAX_INTEGER = 2 ** 63;

export const TYPES: Record<string, BuiltIn> = {
  IS_ARRAY: test(Array.isArray),
  IS_BOOL: test(value => typeof value === 'boolean'),
  IS_DEFINED: test(value => value !== undefined),
  IS_FINITE_NUMBER: test(value => Number.isFinite(value)),
  IS_INTEGER: test(value => Number.isInteger(value) && Math.abs(value as number) <= MAX_INTEGER),
  IS_NULL: test(value => value === null),
  IS_NUMBER: test(value => typeof value === 'number'),
  IS_OBJECT: test(isObject),
  IS_PRIMITIVE: test(value => value === null || ['boolean', 'number', 'string'].includes(typeof value)),
  IS_STRING: test(value => typeof value === 'string'),
  IIF: { takes: [3, 3], compute: ([condition, yes, no]) => (condition === true ? yes : no) },
  CHOOSE: { takes: [2, Number.POSITIVE_INFINITY], compute: ([index, ...values]) => values[Number(index) - 1] },
};
