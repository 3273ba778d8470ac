import { compileQuery, type Plan } from './compile-query.ts';
import { compareRows, type Documents, distinctRows, documentsOf, groupRows, plainRows } from './execute.ts';
import { type IndexingPolicy, requireOrderIndex } from './order-index.ts';
import { parsePatchCondition, parseQuery } from './parser.ts';
import { Scope } from './scope.ts';
import type { Query } from './syntax.ts';

/** The door to the SQL engine: text in, rows a page at a time out. Parsed text is kept, since clients repeat theirs. */
export type QuerySpec = { query: string; parameters?: { name: string; value?: unknown }[] };

/**
 * Where a page ended: how many rows are given out so far, and how many may still come. `after` names the last of them,
 * so that a page goes on correctly while documents are written; groups and distinct rows have no place of their own.
 */
export type Position = {
  after?: { order: unknown[]; document: number; nth: number } | undefined;
  given: number;
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
  const start = after ? 0 : plan.offset + position.given;
  // One row more than wanted tells whether there is a next page; rows already given out come again and are dropped.
  const enough = start + wanted + 1 + (after ? after.nth + 1 : 0);
  const feed = documentsOf(plan, documents);
  const found = plan.grouping ? groupRows(plan, [], feed) : plainRows(plan, [], feed, enough);
  const distinct = distinctRows(plan, found);
  const rows = after ? distinct.filter(row => compareRows(plan, row, after) > 0) : distinct;
  const page = rows.slice(start, start + wanted);
  const left = position.left === null ? null : position.left - page.length;
  const last = page.at(-1);
  if (!last || left === 0 || rows.length <= start + page.length)
    return { rows: page.map(({ value }) => value), next: undefined };
  const given = position.given + page.length;
  const { order, document, nth } = last;
  const isCounted = plan.grouping !== undefined || plan.distinct;
  return {
    rows: page.map(({ value }) => value),
    next: { given, left, ...(!isCounted && { after: { order, document, nth } }) },
  };
}

function startOf(plan: Plan): Position {
  return { given: 0, left: plan.limit ?? plan.top ?? null };
}

/** Whether `document` meets a patch condition such as `from c where c.rev < 3`. @throws QueryError */
export function meetsCondition(condition: string, document: unknown, nowMs: number): boolean {
  const plan = compileQuery(parsePatchCondition(condition), Scope.root(new Map(), nowMs), true);
  return plainRows(plan, [], each => void each(document, 0), 1).length > 0;
}
