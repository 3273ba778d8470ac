import { compileQuery, type Plan } from './compile-query.ts';
import { compareRows, type Documents, distinctRows, documentsOf, groupRows, plainRows, type Row } from './execute.ts';
import { type IndexingPolicy, requireOrderIndex } from './order-index.ts';
import { parsePatchCondition, parseQuery } from './parser.ts';
import { Scope } from './scope.ts';
import type { Query } from './syntax.ts';

/** The door to the SQL engine: text in, rows a page at a time out. Parsed text is kept, since clients repeat theirs. */
export type QuerySpec = { query: string; parameters?: { name: string; value?: unknown }[] };

/**
 * Where a page ended. `after` names the last row given out, so that a page goes on correctly while documents are
 * written; groups and distinct rows have no place of their own and are counted (`given`) instead.
 */
export type Position = {
  after?: { order: unknown[]; document: number; nth: number };
  given?: number;
  skip: number;
  left: number | null;
};

export type Page = { rows: unknown[]; next: Position | undefined };

const parsed = new Map<string, Query>();
const MAX_PARSED = 1000;

function parseOnce(text: string): Query {
  let query = parsed.get(text);
  if (!query) {
    query = parseQuery(text);
    if (parsed.size >= MAX_PARSED) parsed.clear();
    parsed.set(text, query);
  }
  return query;
}

/** Compiles a query for one run. @throws QueryError */
export function prepareQuery(spec: QuerySpec, policy: IndexingPolicy | undefined, nowMs: number): Plan {
  const query = parseOnce(spec.query);
  if (policy) requireOrderIndex(query, policy);
  const parameters = new Map((spec.parameters ?? []).map(({ name, value }) => [name, value]));
  return compileQuery(query, Scope.root(parameters, nowMs), true);
}

/**
 * One page of at most `size` rows from `position` on.
 * @param documents visits documents in order of their numbers; may start at `position.after.document`.
 */
export function runPage(plan: Plan, documents: Documents, size: number, position = startOf(plan)): Page {
  const wanted = Math.min(size, position.left ?? Number.POSITIVE_INFINITY);
  const { after } = position;
  const counted = plan.grouping !== undefined || plan.distinct;
  // One row more than wanted tells whether there is a next page; rows already given out come again and are dropped.
  const enough = position.skip + wanted + 1 + (after ? after.nth + 1 : 0);
  const feed = documentsOf(plan, documents);
  let rows = plan.grouping ? groupRows(plan, [], feed) : plainRows(plan, [], feed, enough);
  rows = distinctRows(plan, rows);
  if (after) rows = rows.filter(row => compareRows(plan, row, after) > 0);
  const start = position.skip + (position.given ?? 0);
  const page = rows.slice(start, start + wanted);
  const left = position.left === null ? null : position.left - page.length;
  const more = rows.length > start + page.length && left !== 0 && page.length > 0;
  const next = counted
    ? { given: (position.given ?? 0) + page.length, skip: position.skip, left }
    : { after: placeOf(page.at(-1)), skip: 0, left };
  return { rows: page.map(row => row.value), next: more ? (next as Position) : undefined };
}

function placeOf(row: Row | undefined) {
  return row && { order: row.order, document: row.document, nth: row.nth };
}

function startOf(plan: Plan): Position {
  return { skip: plan.offset, left: plan.limit ?? plan.top ?? null };
}

/** Whether `document` meets a patch condition such as `from c where c.rev < 3`. @throws QueryError */
export function meetsCondition(condition: string, document: unknown, nowMs: number): boolean {
  const plan = compileQuery(parsePatchCondition(condition), Scope.root(new Map(), nowMs), true);
  return plainRows(plan, [], each => void each(document, 0), 1).length > 0;
}
