import { compareValues, typeRank } from './values.ts';

/** Folds the values of one group into one. Undefined values never reach `add`: they have no effect. */
export type Fold = { add(value: unknown): void; result(): unknown };

const AGGREGATES: Record<string, () => Fold> = {
  COUNT: () => counting(() => true),
  COUNTIF: () => counting(value => value === true),
  SUM: () => numeric(sum => sum),
  AVG: () => numeric((sum, count) => (count === 0 ? undefined : sum / count)),
  MIN: () => extreme(-1),
  MAX: () => extreme(1),
};

/** Whether `name` (upper case) folds rows instead of computing from one. */
export function isAggregate(name: string): boolean {
  return Object.hasOwn(AGGREGATES, name);
}

export function startFold(name: string): Fold {
  return AGGREGATES[name]!();
}

function counting(counts: (value: unknown) => boolean): Fold {
  let count = 0;
  return {
    add(value) {
      if (counts(value)) count++;
    },
    result: () => count,
  };
}

/** One string, boolean, null, array or object among the values makes the whole result undefined. */
function numeric(finish: (sum: number, count: number) => number | undefined): Fold {
  let sum = 0;
  let count = 0;
  let spoiled = false;
  return {
    add(value) {
      if (typeof value === 'number') {
        sum += value;
        count++;
      } else spoiled = true;
    },
    result: () => (spoiled ? undefined : finish(sum, count)),
  };
}

/** The smallest or largest by type order; an array or object among the values makes the result undefined. */
function extreme(sign: 1 | -1): Fold {
  let best: unknown;
  let spoiled = false;
  return {
    add(value) {
      if (typeRank(value) >= typeRank([])) spoiled = true;
      else if (best === undefined || compareValues(value, best) * sign > 0) best = value;
    },
    result: () => (spoiled ? undefined : best),
  };
}
