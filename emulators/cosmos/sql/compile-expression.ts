import { isAggregate } from './aggregate.ts';
import { findFunction } from './functions/registry.ts';
import { likePattern } from './like.ts';
import { and, BINARY, or, UNARY } from './operators.ts';
import { QueryError } from './query-error.ts';
import type { Scope } from './scope.ts';
import { type Expression, type Query, shapeOf } from './syntax.ts';
import { equals, memberOf, rangeCompare, setField } from './values.ts';

/**
 * Turns an expression into a closure over slots: every name, group key and aggregate has its number, so that
 * evaluating a row looks nothing up. Closures, not generated code: a query is text from outside.
 */
export type Slots = unknown[];
export type Evaluate = (slots: Slots) => unknown;
/** Compiles a sub-query to its result rows; handed in to keep queries and expressions in two files. */
export type CompileRows = (query: Query, scope: Scope) => (slots: Slots) => unknown[];

export function compileExpression(expression: Expression, scope: Scope, rows: CompileRows): Evaluate {
  const compile = (part: Expression): Evaluate => compileExpression(part, scope, rows);
  if (scope.grouping) {
    const slot = scope.grouping.keys.get(shapeOf(expression));
    if (slot !== undefined) return slots => slots[slot];
  }
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'parameter': {
      const value = scope.parameter(expression.name, expression.at);
      return () => value;
    }
    case 'name': {
      const slot = scope.slotOf(expression.name, expression.at);
      return slots => slots[slot];
    }
    case 'member':
      return member(compile(expression.of), expression.key, compile);
    case 'unary': {
      const operand = compile(expression.operand);
      const compute = UNARY[expression.operator];
      return slots => compute(operand(slots));
    }
    case 'binary':
      return binary(expression, compile);
    case 'between': {
      const [value, low, high] = [compile(expression.value), compile(expression.low), compile(expression.high)];
      return slots => {
        const subject = value(slots);
        return and(atLeast(subject, low(slots)), atLeast(high(slots), subject));
      };
    }
    case 'in': {
      const value = compile(expression.value);
      const list = expression.list.map(compile);
      return slots => {
        const subject = value(slots);
        let found: boolean | undefined = false;
        for (const item of list) {
          found = or(found, equals(subject, item(slots)));
          if (found === true) return true;
        }
        return found;
      };
    }
    case 'like':
      return like(expression, compile);
    case 'choose': {
      const [condition, yes, no] = [compile(expression.condition), compile(expression.yes), compile(expression.no)];
      return slots => (condition(slots) === true ? yes(slots) : no(slots));
    }
    case 'call':
      return call(expression, scope, rows);
    case 'array': {
      const items = expression.items.map(compile);
      return slots => items.map(item => item(slots)).filter(value => value !== undefined);
    }
    case 'object': {
      const fields = expression.fields.map(field => ({ name: field.name, value: compile(field.value) }));
      return slots => {
        const object: Record<string, unknown> = {};
        for (const field of fields) setField(object, field.name, field.value(slots));
        return object;
      };
    }
    case 'subquery':
      return subquery(expression.as, rows(expression.query, scope));
  }
}

type Compile = (part: Expression) => Evaluate;

function member(of: Evaluate, key: Expression, compile: Compile): Evaluate {
  if (key.kind === 'literal') {
    const name = key.value;
    return slots => memberOf(of(slots), name);
  }
  const keyOf = compile(key);
  return slots => memberOf(of(slots), keyOf(slots));
}

function binary(expression: Extract<Expression, { kind: 'binary' }>, compile: Compile): Evaluate {
  const left = compile(expression.left);
  const right = compile(expression.right);
  switch (expression.operator) {
    case 'AND':
      return slots => {
        const first = left(slots);
        return first === false ? false : and(first, right(slots));
      };
    case 'OR':
      return slots => {
        const first = left(slots);
        return first === true ? true : or(first, right(slots));
      };
    case '??':
      return slots => {
        const first = left(slots);
        return first === undefined ? right(slots) : first;
      };
    default: {
      const compute = BINARY[expression.operator];
      return slots => compute(left(slots), right(slots));
    }
  }
}

function atLeast(value: unknown, bound: unknown): boolean | undefined {
  const difference = rangeCompare(value, bound);
  return difference === undefined ? undefined : difference >= 0;
}

function like(expression: Extract<Expression, { kind: 'like' }>, compile: Compile): Evaluate {
  const value = compile(expression.value);
  const pattern = compile(expression.pattern);
  const escapeMark = expression.escape ? compile(expression.escape) : () => '';
  let last: { pattern: string; mark: string; regex: RegExp } | undefined;
  return slots => {
    const [subject, text, mark] = [value(slots), pattern(slots), escapeMark(slots)];
    if (typeof subject !== 'string' || typeof text !== 'string' || typeof mark !== 'string') return undefined;
    if (last?.pattern !== text || last.mark !== mark) {
      last = { pattern: text, mark, regex: likePattern(text, mark || undefined) };
    }
    return last.regex.test(subject);
  };
}

function call(expression: Extract<Expression, { kind: 'call' }>, scope: Scope, rows: CompileRows): Evaluate {
  const { name, args, at } = expression;
  if (isAggregate(name)) {
    if (!scope.grouping) {
      throw new QueryError(`Aggregate function '${name}' may only stand in the SELECT clause.`, { span: at });
    }
    if (args.length !== 1) throw new QueryError(`The ${name} function requires 1 argument(s).`, { span: at });
    const value = compileExpression(args[0]!, scope.perRow(), rows);
    const slot = scope.grouping.aggregate(name, value);
    return slots => slots[slot];
  }
  const compute = findFunction(name, args.length, at);
  const values = args.map(arg => compileExpression(arg, scope, rows));
  const { nowMs } = scope;
  if (values.length === 1) {
    const only = values[0]!;
    return slots => compute([only(slots)], nowMs);
  }
  return slots =>
    compute(
      values.map(value => value(slots)),
      nowMs,
    );
}

function subquery(as: 'exists' | 'array' | 'scalar', rows: (slots: Slots) => unknown[]): Evaluate {
  if (as === 'array') return rows;
  if (as === 'exists') return slots => rows(slots).length > 0;
  return slots => {
    const values = rows(slots);
    if (values.length > 1) {
      throw new QueryError('The cardinality of a scalar subquery result set cannot be greater than one.');
    }
    return values[0];
  };
}
