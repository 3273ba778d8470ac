import type { Span } from './query-error.ts';

/** The tree of a query. `at` is kept only where an error would have to point. */
export type Expression =
  | { kind: 'literal'; value: unknown }
  | { kind: 'parameter'; name: string; at: Span }
  | { kind: 'name'; name: string; at: Span }
  | { kind: 'member'; of: Expression; key: Expression }
  | { kind: 'unary'; operator: UnaryOperator; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'between'; value: Expression; low: Expression; high: Expression }
  | { kind: 'in'; value: Expression; list: Expression[] }
  | { kind: 'like'; value: Expression; pattern: Expression; escape: Expression | undefined }
  | { kind: 'choose'; condition: Expression; yes: Expression; no: Expression }
  | { kind: 'call'; name: string; args: Expression[]; at: Span }
  | { kind: 'object'; fields: { name: string; value: Expression }[] }
  | { kind: 'array'; items: Expression[] }
  | { kind: 'subquery'; as: 'exists' | 'array' | 'scalar'; query: Query };

export type UnaryOperator = '+' | '-' | '~' | 'NOT';
export type BinaryOperator =
  | 'AND'
  | 'OR'
  | '??'
  | '||'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '>>>';

/** One input of FROM. `each` walks the elements of an array (`x IN c.arr`); otherwise the value itself is bound. */
export type Source = {
  alias: string | undefined;
  each: boolean;
  from: { kind: 'path'; path: Expression; root: string; at: Span } | { kind: 'query'; query: Query };
};

export type Selection =
  | { kind: 'star'; at: Span }
  | { kind: 'value'; value: Expression }
  | { kind: 'list'; items: { name: string; value: Expression }[] };

export type SortKey = { value: Expression; descending: boolean };

export type Query = {
  distinct: boolean;
  top: Expression | undefined;
  select: Selection;
  /** Empty when FROM is left out. The first is the FROM, the others the JOINs. */
  sources: Source[];
  where: Expression | undefined;
  groupBy: Expression[];
  orderBy: SortKey[];
  offset: Expression | undefined;
  limit: Expression | undefined;
};

/** Equal for two expressions that are written alike, wherever they stand: `c.a` and `c["a"]` are. */
export function shapeOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value) =>
    key === 'at' ? undefined : value === undefined ? '\u0000undefined' : value,
  );
}

/** `['lat', 'resp', 'n']` of `c.lat.resp.n`, with the name it starts at; undefined when it is no plain path. */
export function pathOf(expression: Expression): { root: string; path: (string | number)[] } | undefined {
  if (expression.kind === 'name') return { root: expression.name, path: [] };
  if (expression.kind !== 'member' || expression.key.kind !== 'literal') return undefined;
  const parent = pathOf(expression.of);
  const key = expression.key.value;
  if (!parent || (typeof key !== 'string' && typeof key !== 'number')) return undefined;
  return { root: parent.root, path: [...parent.path, key] };
}
