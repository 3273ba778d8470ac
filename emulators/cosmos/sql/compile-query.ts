import { isAggregate } from './aggregate.ts';
import { compileExpression as compileScalar, type Evaluate, type Slots } from './compile-expression.ts';
import { resultsOf } from './execute.ts';
import { QueryError } from './query-error.ts';
import type { Grouping, Scope } from './scope.ts';
import { type Expression, type Query, type Selection, type Source, shapeOf } from './syntax.ts';
import { memberOf, setField } from './values.ts';

/** Visits the rows FROM, JOIN and WHERE leave of the document in slot 0; stops when `visit` returns false. */
export type VisitRows = (slots: Slots, visit: () => boolean) => boolean;

/** A query made ready: compiled once, run over any documents. */
export type Plan = {
  rows: VisitRows;
  /** The sub-query of `SELECT … FROM (SELECT …)`: its results over all documents are this query's documents. */
  inner: Plan | undefined;
  /** No FROM: one row, whatever the container holds. */
  constant: boolean;
  project: Evaluate;
  /** Present for GROUP BY and for aggregates without it. */
  grouping: { keys: { value: Evaluate; slot: number }[]; folds: Grouping['folds']; always: boolean } | undefined;
  orderBy: { value: Evaluate; descending: boolean }[];
  distinct: boolean;
  top: number | undefined;
  offset: number;
  limit: number | undefined;
};

/** Compiles `query` with the names of `outer` in sight. @throws QueryError for names and forms that do not exist. */
export function compileQuery(query: Query, outer: Scope, isRoot: boolean): Plan {
  const scope = outer.nested();
  const first = query.sources[0]?.from;
  const inner = isRoot && first?.kind === 'query' ? compileQuery(first.query, scope, true) : undefined;
  const rows = compileSources(query.sources, scope, isRoot);
  const where = query.where ? compileExpression(query.where, scope) : undefined;
  const grouped = query.groupBy.length > 0 || selected(query.select).some(containsAggregate);
  const seen = grouped ? scope.perGroup() : scope;
  const keys = query.groupBy.map(key => {
    const slot = scope.newSlot();
    seen.grouping!.keys.set(shapeOf(key), slot);
    return { value: compileExpression(key, scope), slot };
  });
  return {
    rows: where ? (slots, visit) => rows(slots, () => where(slots) !== true || visit()) : rows,
    inner,
    constant: query.sources.length === 0,
    project: compileSelection(query.select, seen, query.sources),
    grouping: grouped ? { keys, folds: seen.grouping!.folds, always: keys.length === 0 } : undefined,
    orderBy: query.orderBy.map(({ value, descending }) => ({ value: compileExpression(value, scope), descending })),
    distinct: query.distinct,
    top: count(query.top, scope, 'TOP'),
    offset: count(query.offset, scope, 'OFFSET') ?? 0,
    limit: count(query.limit, scope, 'LIMIT'),
  };
}

function compileExpression(expression: Expression, scope: Scope): Evaluate {
  return compileScalar(expression, scope, (query, outer) => {
    const plan = compileQuery(query, outer, false);
    return slots => resultsOf(plan, slots);
  });
}

function count(expression: Expression | undefined, scope: Scope, clause: string): number | undefined {
  if (!expression) return undefined;
  const value = compileExpression(expression, scope)([]);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new QueryError(
    `The value of the ${clause} clause must be a non-negative integer, not ${JSON.stringify(value)}.`,
  );
}

function selected(selection: Selection): Expression[] {
  if (selection.kind === 'star') return [];
  return selection.kind === 'value' ? [selection.value] : selection.items.map(item => item.value);
}

function containsAggregate(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call':
      return isAggregate(expression.name) || expression.args.some(containsAggregate);
    case 'member':
      return containsAggregate(expression.of) || containsAggregate(expression.key);
    case 'unary':
      return containsAggregate(expression.operand);
    case 'binary':
      return containsAggregate(expression.left) || containsAggregate(expression.right);
    case 'between':
      return [expression.value, expression.low, expression.high].some(containsAggregate);
    case 'in':
      return [expression.value, ...expression.list].some(containsAggregate);
    case 'like':
      return containsAggregate(expression.value) || containsAggregate(expression.pattern);
    case 'choose':
      return [expression.condition, expression.yes, expression.no].some(containsAggregate);
    case 'array':
      return expression.items.some(containsAggregate);
    case 'object':
      return expression.fields.some(field => containsAggregate(field.value));
    default:
      return false;
  }
}

function compileSelection(selection: Selection, scope: Scope, sources: Source[]): Evaluate {
  if (selection.kind === 'value') return compileExpression(selection.value, scope);
  if (selection.kind === 'star') {
    const alias = sources[0]?.alias;
    if (alias === undefined) throw new QueryError("'SELECT *' needs a named input.", { span: selection.at });
    const slot = scope.slotOf(alias, selection.at);
    return slots => slots[slot];
  }
  const fields = selection.items.map(item => ({ name: item.name, value: compileExpression(item.value, scope) }));
  return slots => {
    const row: Record<string, unknown> = {};
    for (const field of fields) setField(row, field.name, field.value(slots));
    return row;
  };
}

function compileSources(sources: Source[], scope: Scope, isRoot: boolean): VisitRows {
  const binders = sources.map((source, index) => compileSource(source, scope, isRoot && index === 0));
  return (slots, visit) => {
    const bind = (index: number): boolean =>
      index === binders.length ? visit() : binders[index]!(slots, () => bind(index + 1));
    return bind(0);
  };
}

function compileSource(source: Source, scope: Scope, isRoot: boolean): VisitRows {
  const values = collection(source, scope, isRoot);
  const slot = source.alias === undefined ? scope.newSlot() : scope.declare(source.alias, spanOf(source));
  return (slots, visit) => {
    for (const value of values(slots)) {
      slots[slot] = value;
      if (!visit()) return false;
    }
    return true;
  };
}

function spanOf(source: Source) {
  return source.from.kind === 'path' ? source.from.at : undefined;
}

/** The values one source ranges over. Undefined ones are no rows. */
function collection(source: Source, scope: Scope, isRoot: boolean): (slots: Slots) => Iterable<unknown> {
  if (source.from.kind === 'query') {
    if (isRoot) return slots => [slots[0]];
    const plan = compileQuery(source.from.query, scope, false);
    return slots => resultsOf(plan, slots);
  }
  const { path, root, at } = source.from;
  // Any name that is no alias yet means the container itself: `FROM c`, `FROM root r`.
  const known = scope.find(root);
  if (known === undefined && !isRoot) {
    throw new QueryError(`Identifier '${root}' could not be resolved.`, { code: 'SC2001', span: at });
  }
  const value = pathIn(path, known ?? 0);
  return slots => {
    const found = value(slots);
    if (source.each) return Array.isArray(found) ? found : [];
    return found === undefined ? [] : [found];
  };
}

function pathIn(path: Expression, slot: number): Evaluate {
  if (path.kind !== 'member' || path.key.kind !== 'literal') return slots => slots[slot];
  const of = pathIn(path.of, slot);
  const key = path.key.value;
  return slots => memberOf(of(slots), key);
}
