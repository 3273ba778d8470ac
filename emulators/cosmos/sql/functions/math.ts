import { finite } from '../values.ts';
import type { BuiltIn } from './registry.ts';

/** Numbers in, a number out; any other argument, or a result that is no finite number, gives undefined. */
function numeric(count: number, compute: (...numbers: number[]) => number): BuiltIn {
  return {
    takes: [count, count],
    compute: args => (args.every(arg => typeof arg === 'number') ? finite(compute(...(args as number[]))) : undefined),
  };
}

/** Whole numbers only, wrapped to 64 bits. */
function integer(count: number, compute: (...numbers: bigint[]) => bigint): BuiltIn {
  return {
    takes: [count, count],
    compute: args => {
      if (!args.every(arg => Number.isInteger(arg))) return undefined;
      const numbers = (args as number[]).map(BigInt);
      return Number(BigInt.asIntN(64, compute(...numbers)));
    },
  };
}

function dividing(compute: (a: bigint, b: bigint) => bigint): BuiltIn {
  const plain = integer(2, compute as (...numbers: bigint[]) => bigint);
  return { ...plain, compute: (args, now) => (args[1] === 0 ? undefined : plain.compute(args, now)) };
}

/** 64 is the width of the integers these work on: a shift beyond it would build an endless number. */
function shifting(compute: (a: bigint, b: bigint) => bigint): BuiltIn {
  const plain = integer(2, compute as (...numbers: bigint[]) => bigint);
  const inRange = (by: unknown): boolean => typeof by === 'number' && by >= 0 && by < 64;
  return { ...plain, compute: (args, now) => (inRange(args[1]) ? plain.compute(args, now) : undefined) };
}

const UNSIGNED = (1n << 64n) - 1n;

/** Half away from zero, as the service rounds. */
function round(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

function roundTo(value: number, digits: number): number {
  if (!Number.isInteger(digits)) return Number.NaN;
  const factor = 10 ** digits;
  return round(value * factor) / factor;
}

export const MATH: Record<string, BuiltIn> = {
  ABS: numeric(1, Math.abs),
  ACOS: numeric(1, Math.acos),
  ASIN: numeric(1, Math.asin),
  ATAN: numeric(1, Math.atan),
  ATN2: numeric(2, (y, x) => Math.atan2(y!, x!)),
  CEILING: numeric(1, Math.ceil),
  COS: numeric(1, Math.cos),
  COT: numeric(1, value => 1 / Math.tan(value!)),
  DEGREES: numeric(1, value => (value! * 180) / Math.PI),
  EXP: numeric(1, Math.exp),
  FLOOR: numeric(1, Math.floor),
  LOG: {
    takes: [1, 2],
    compute: ([value, base]) => {
      if (typeof value !== 'number' || (base !== undefined && typeof base !== 'number')) return undefined;
      return finite(base === undefined ? Math.log(value) : Math.log(value) / Math.log(base));
    },
  },
  LOG10: numeric(1, Math.log10),
  NUMBERBIN: {
    takes: [1, 2],
    compute: ([value, size = 1]) =>
      typeof value === 'number' && typeof size === 'number' ? finite(Math.floor(value / size) * size) : undefined,
  },
  PI: numeric(0, () => Math.PI),
  POWER: numeric(2, (base, exponent) => base! ** exponent!),
  RADIANS: numeric(1, value => (value! * Math.PI) / 180),
  RAND: numeric(0, Math.random),
  ROUND: {
    takes: [1, 2],
    compute: ([value, digits = 0]) =>
      typeof value === 'number' && typeof digits === 'number' ? finite(roundTo(value, digits)) : undefined,
  },
  SIGN: numeric(1, Math.sign),
  SIN: numeric(1, Math.sin),
  SQRT: numeric(1, Math.sqrt),
  SQUARE: numeric(1, value => value! * value!),
  TAN: numeric(1, Math.tan),
  TRUNC: numeric(1, Math.trunc),
  INTADD: integer(2, (a, b) => a! + b!),
  INTSUB: integer(2, (a, b) => a! - b!),
  INTMUL: integer(2, (a, b) => a! * b!),
  INTDIV: dividing((a, b) => a / b),
  INTMOD: dividing((a, b) => a % b),
  INTBITAND: integer(2, (a, b) => a! & b!),
  INTBITOR: integer(2, (a, b) => a! | b!),
  INTBITXOR: integer(2, (a, b) => a! ^ b!),
  INTBITNOT: integer(1, a => ~a!),
  INTBITLEFTSHIFT: shifting((a, b) => a << b),
  INTBITRIGHTSHIFT: shifting((a, b) => (a & UNSIGNED) >> b),
};
