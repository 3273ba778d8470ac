import { tokenize } from './lexer.ts';
import { isSelect, parseExpression } from './parse-expression.ts';
import { QueryError } from './query-error.ts';
import type { Expression, Query, Selection, SortKey, Source } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/** As the account tells clients in `queryEngineConfiguration`. */
const MAX_TEXT = 256 * 1024;

/** Reads a whole SELECT. @throws QueryError, and nothing else, for text that is not one. */
export function parseQuery(text: string): Query {
  if (text.length > MAX_TEXT) throw new QueryError(`The query is longer than ${MAX_TEXT} characters.`);
  const tokens = new TokenReader(tokenize(text));
  const query = select(tokens);
  if (tokens.next.type !== 'end') throw tokens.unexpected();
  return query;
}

/**
 * Reads the condition of a patch, `FROM c WHERE …`: a query without its SELECT.
 * The service accepts no parameters there, so literals are embedded.
 */
export function parsePatchCondition(text: string): Query {
  const tokens = new TokenReader(tokenize(text));
  const sources = from(tokens);
  const where = tokens.takeIf('WHERE') ? expression(tokens) : undefined;
  if (tokens.next.type !== 'end') throw tokens.unexpected();
  return { ...EMPTY, select: { kind: 'value', value: { kind: 'literal', value: true } }, sources, where };
}

const EMPTY: Omit<Query, 'select' | 'sources' | 'where'> = {
  distinct: false,
  top: undefined,
  groupBy: [],
  orderBy: [],
  offset: undefined,
  limit: undefined,
};

function expression(tokens: TokenReader): Expression {
  return parseExpression(tokens, select);
}

function select(tokens: TokenReader): Query {
  tokens.expect('SELECT');
  const distinct = tokens.takeIf('DISTINCT');
  const topAt = tokens.next;
  const top = tokens.takeIf('TOP') ? count(tokens) : undefined;
  const selection = selectionOf(tokens);
  const sources = tokens.sees('FROM') ? from(tokens) : [];
  if (selection.kind === 'star' && sources.length !== 1) {
    const why = sources.length === 0 ? 'if FROM clause is omitted' : 'with more than one input set';
    throw new QueryError(`'SELECT *' is not valid ${why}.`, { code: 'SC2040', span: selection.at });
  }
  const where = tokens.takeIf('WHERE') ? expression(tokens) : undefined;
  const groupBy = tokens.takeIf('GROUP') ? keysOf(tokens, expression) : [];
  const orderAt = tokens.next;
  const orderBy = tokens.takeIf('ORDER') ? keysOf(tokens, sortKey) : [];
  if (groupBy.length > 0 && orderBy.length > 0) {
    // With several physical partitions the client merges the groups, and it cannot sort them.
    throw new QueryError("'ORDER BY' is not supported in presence of 'GROUP BY'. Sort the groups in the client.", {
      span: { start: orderAt.start, end: orderAt.end },
    });
  }
  const offset = tokens.takeIf('OFFSET') ? count(tokens) : undefined;
  if (offset) tokens.expect('LIMIT');
  const limit = offset ? count(tokens) : undefined;
  if (top && offset) {
    throw new QueryError("'TOP' is not supported in presence of 'OFFSET LIMIT'.", {
      span: { start: topAt.start, end: topAt.end },
    });
  }
  return { distinct, top, select: selection, sources, where, groupBy, orderBy, offset, limit };
}

function count(tokens: TokenReader): Expression {
  const token = tokens.next;
  const { start, end } = token;
  if (token.type === 'parameter') return { kind: 'parameter', name: tokens.take().text, at: { start, end } };
  if (token.type !== 'number' || !Number.isSafeInteger(token.value)) throw tokens.unexpected();
  tokens.take();
  return { kind: 'literal', value: token.value };
}

function keysOf<T>(tokens: TokenReader, one: (tokens: TokenReader) => T): T[] {
  tokens.expect('BY');
  const keys = [one(tokens)];
  while (tokens.takeIf(',')) keys.push(one(tokens));
  return keys;
}

function sortKey(tokens: TokenReader): SortKey {
  const value = expression(tokens);
  const descending = tokens.takeIf('DESC');
  if (!descending) tokens.takeIf('ASC');
  return { value, descending };
}

function selectionOf(tokens: TokenReader): Selection {
  const { start, end } = tokens.next;
  if (tokens.takeIf('*')) return { kind: 'star', at: { start, end } };
  if (tokens.takeIf('VALUE')) return { kind: 'value', value: expression(tokens) };
  const items: { name: string; value: Expression }[] = [];
  let unnamed = 0;
  do {
    const value = expression(tokens);
    const alias = tokens.takeIf('AS') ? tokens.identifier().text : impliedName(value);
    if (alias === undefined) unnamed++;
    items.push({ name: alias ?? `$${unnamed}`, value });
  } while (tokens.takeIf(','));
  return { kind: 'list', items };
}

/** `c.lat.n` comes out as `n`, `c` as `c`; everything else is numbered `$1`, `$2`, … */
function impliedName(value: Expression): string | undefined {
  if (value.kind === 'name') return value.name;
  if (value.kind === 'member' && value.key.kind === 'literal' && typeof value.key.value === 'string') {
    return value.key.value;
  }
  return undefined;
}

function from(tokens: TokenReader): Source[] {
  tokens.expect('FROM');
  const sources = [source(tokens)];
  while (tokens.takeIf('JOIN')) sources.push(source(tokens));
  return sources;
}

function source(tokens: TokenReader): Source {
  const after = tokens.afterNext;
  if (tokens.next.type === 'identifier' && after.type === 'keyword' && after.text.toUpperCase() === 'IN') {
    const alias = tokens.take().text;
    tokens.take();
    return { alias, each: true, from: collection(tokens) };
  }
  const of = collection(tokens);
  const named = tokens.takeIf('AS') || tokens.next.type === 'identifier';
  const alias = named ? tokens.identifier().text : of.kind === 'path' ? impliedName(of.path) : undefined;
  return { alias, each: false, from: of };
}

function collection(tokens: TokenReader): Source['from'] {
  if (isSelect(tokens)) {
    tokens.take();
    const query = tokens.nested(() => select(tokens));
    tokens.expect(')');
    return { kind: 'query', query };
  }
  const root = tokens.identifier();
  const at = { start: root.start, end: root.end };
  let path: Expression = { kind: 'name', name: root.text, at };
  for (;;) {
    if (tokens.sees('.', '[')) tokens.countLink();
    if (tokens.takeIf('.')) {
      path = { kind: 'member', of: path, key: { kind: 'literal', value: tokens.identifier().text } };
    } else if (tokens.takeIf('[')) {
      const key = tokens.take();
      if (key.type !== 'string' && key.type !== 'number') throw tokens.unexpected();
      tokens.expect(']');
      path = { kind: 'member', of: path, key: { kind: 'literal', value: key.value } };
    } else return { kind: 'path', path, root: root.text, at };
  }
}
