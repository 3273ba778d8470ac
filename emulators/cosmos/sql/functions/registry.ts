import { QueryError, type Span } from '../query-error.ts';
import { ARRAYS } from './arrays.ts';
import { CONVERSIONS } from './conversions.ts';
import { DATES } from './dates.ts';
import { MATH } from './math.ts';
import { STRINGS } from './strings.ts';
import { TYPES } from './type-tests.ts';

/** A built-in: gets its arguments, undefined ones too, and the instant the query began (epoch ms). */
export type Compute = (args: unknown[], nowMs: number) => unknown;
/** `takes` is the number of arguments allowed, least and most. */
export type BuiltIn = { takes: [least: number, most: number]; compute: Compute };

const FUNCTIONS = new Map<string, BuiltIn>(
  [MATH, STRINGS, TYPES, ARRAYS, DATES, CONVERSIONS].flatMap(group => Object.entries(group)),
);

/** The function called `name` (upper case). @throws QueryError for one that is not built in or wrongly called. */
export function findFunction(name: string, given: number, at: Span): Compute {
  if (name.startsWith('udf.')) {
    throw new QueryError(`User-defined functions are not emulated: ${name}.`, { code: 'SC2005', span: at });
  }
  const found = FUNCTIONS.get(name);
  if (!found) {
    throw new QueryError(`'${name}' is not a recognized built-in function name.`, { code: 'SC2005', span: at });
  }
  const [least, most] = found.takes;
  if (given < least || given > most) {
    const wanted =
      least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
    throw new QueryError(`The ${name} function requires ${wanted} argument(s).`, { code: 'SC2050', span: at });
  }
  return found.compute;
}
