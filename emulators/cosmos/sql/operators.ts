import type { BinaryOperator } from './syntax.ts';
import { equals, finite, rangeCompare } from './values.ts';

/** Three-valued: what is not a boolean counts as undefined, and false AND anything is false. */
export function and(left: unknown, right: unknown): boolean | undefined {
  if (left === false || right === false) return false;
  return left === true && right === true ? true : undefined;
}

/** Three-valued: true OR anything is true. */
export function or(left: unknown, right: unknown): boolean | undefined {
  if (left === true || right === true) return true;
  return left === false && right === false ? false : undefined;
}

/** Three-valued: NOT of what is no boolean is undefined. */
export function not(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? !value : undefined;
}

type Operation = (left: unknown, right: unknown) => unknown;

function arithmetic(compute: (left: number, right: number) => number): Operation {
  return (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? finite(compute(left, right)) : undefined;
}

function range(test: (difference: number) => boolean): Operation {
  return (left, right) => {
    const difference = rangeCompare(left, right);
    return difference === undefined ? undefined : test(difference);
  };
}

/** What each binary operator computes. Bit operators work on 32 bits, as in JavaScript: the service says so. */
export const BINARY: Record<Exclude<BinaryOperator, 'AND' | 'OR' | '??'>, Operation> = {
  '=': equals,
  '!=': (left, right) => not(equals(left, right)),
  '<': range(difference => difference < 0),
  '<=': range(difference => difference <= 0),
  '>': range(difference => difference > 0),
  '>=': range(difference => difference >= 0),
  '||': (left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : undefined),
  '+': arithmetic((left, right) => left + right),
  '-': arithmetic((left, right) => left - right),
  '*': arithmetic((left, right) => left * right),
  '/': arithmetic((left, right) => left / right),
  '%': arithmetic((left, right) => left % right),
  '&': arithmetic((left, right) => left & right),
  '|': arithmetic((left, right) => left | right),
  '^': arithmetic((left, right) => left ^ right),
  '<<': arithmetic((left, right) => left << right),
  '>>': arithmetic((left, right) => left >> right),
  '>>>': arithmetic((left, right) => left >>> right),
};

/** What each sign computes. */
export const UNARY: Record<'+' | '-' | '~' | 'NOT', (value: unknown) => unknown> = {
  '+': value => (typeof value === 'number' ? value : undefined),
  '-': value => (typeof value === 'number' ? -value : undefined),
  '~': value => (typeof value === 'number' ? ~value : undefined),
  NOT: not,
};
