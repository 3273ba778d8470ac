import { type Fold, startFold } from './aggregate.ts';
import type { Slots } from './compile-expression.ts';
import type { Plan } from './compile-query.ts';
import { canonical, compareValues } from './values.ts';

/**
 * Runs a compiled query. A row keeps the place it came from (`order` keys, document number, row number within the
 * document), so that a continuation can name the last row given out and go on after it.
 */
export type Row = { value: unknown; order: unknown[]; document: number; nth: number };

/** Where the rows come from: calls `each` per document with its number, until it returns false. */
export type Documents = (each: (document: unknown, number: number) => boolean) => void;

/** All result rows of a sub-query, for the document already in the slots. */
export function resultsOf(plan: Plan, slots: Slots): unknown[] {
  return allRows(plan, slots, each => void each(slots[0], 0));
}

/** What a plan itself runs over: the documents given, the results of its inner query over them, or just once. */
export function documentsOf(plan: Plan, given: Documents): Documents {
  const { inner } = plan;
  if (plan.constant) return each => void each(undefined, 0);
  if (!inner) return given;
  return each => void allRows(inner, [], documentsOf(inner, given)).every((row, index) => each(row, index));
}

function allRows(plan: Plan, slots: Slots, documents: Documents): unknown[] {
  const end = plan.top ?? (plan.limit === undefined ? Number.POSITIVE_INFINITY : plan.offset + plan.limit);
  const rows = plan.grouping ? groupRows(plan, slots, documents) : plainRows(plan, slots, documents, end);
  return distinctRows(plan, rows)
    .slice(plan.offset, end)
    .map(row => row.value);
}

/** One row per group, in order of first appearance; a query of aggregates alone has one group even without rows. */
export function groupRows(plan: Plan, slots: Slots, documents: Documents): Row[] {
  const { keys, folds, always } = plan.grouping!;
  const groups = new Map<string, { keys: unknown[]; folds: Fold[] }>();
  const startGroup = (values: unknown[]) => ({ keys: values, folds: folds.map(fold => startFold(fold.name)) });
  if (always) groups.set('', startGroup([]));
  const addRow = (): boolean => {
    const values = keys.map(key => key.value(slots));
    const name = values.length === 1 && typeof values[0] === 'string' ? values[0] : values.map(canonical).join();
    const id = always ? '' : `${typeof values[0]}:${name}`;
    const group = groups.get(id) ?? startGroup(values);
    groups.set(id, group);
    for (let index = 0; index < folds.length; index++) {
      const value = folds[index]!.value(slots);
      if (value !== undefined) group.folds[index]!.add(value);
    }
    return true;
  };
  documents(document => {
    slots[0] = document;
    return plan.rows(slots, addRow);
  });
  const rows: Row[] = [];
  for (const group of groups.values()) {
    keys.forEach((key, index) => {
      slots[key.slot] = group.keys[index];
    });
    folds.forEach((fold, index) => {
      slots[fold.slot] = group.folds[index]!.result();
    });
    const value = plan.project(slots);
    if (value !== undefined) rows.push({ value, order: [], document: 0, nth: rows.length });
  }
  return rows;
}

/** Rows in document order, or sorted when the query says so; unsorted ones stop after `enough`. */
export function plainRows(plan: Plan, slots: Slots, documents: Documents, enough: number): Row[] {
  const rows: Row[] = [];
  const mayStop = plan.orderBy.length === 0 && !plan.distinct;
  if (mayStop && enough <= 0) return rows;
  documents((document, number) => {
    slots[0] = document;
    let nth = 0;
    return plan.rows(slots, () => {
      const value = plan.project(slots);
      if (value === undefined) return true;
      rows.push({ value, order: plan.orderBy.map(key => key.value(slots)), document: number, nth: nth++ });
      return !mayStop || rows.length < enough;
    });
  });
  return plan.orderBy.length === 0 ? rows : rows.sort((a, b) => compareRows(plan, a, b));
}

/** The order rows are given out in: sort keys, then the document's age, then the row's place in it. */
export function compareRows(plan: Plan, a: Omit<Row, 'value'>, b: Omit<Row, 'value'>): number {
  for (let index = 0; index < plan.orderBy.length; index++) {
    const difference = compareValues(a.order[index], b.order[index]);
    if (difference !== 0) return plan.orderBy[index]!.descending ? -difference : difference;
  }
  return a.document - b.document || a.nth - b.nth;
}

/** Keeps the first of equal values when the query says DISTINCT. */
export function distinctRows(plan: Plan, rows: Row[]): Row[] {
  if (!plan.distinct) return rows;
  const seen = new Set<string>();
  return rows.filter(row => {
    const text = canonical(row.value);
    return !seen.has(text) && seen.add(text);
  });
}
