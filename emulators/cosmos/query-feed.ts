import { createHash } from 'node:crypto';
import { badRequest } from './service-error.ts';
import type { Documents } from './sql/execute.ts';
import type { IndexingPolicy } from './sql/order-index.ts';
import { type Position, prepareQuery, type QuerySpec, runPage } from './sql/query.ts';
import { isObject } from './sql/values.ts';

/** The page size when the client names none, and when it leaves it to the service (-1). */
const DEFAULT_PAGE = 100;
const SERVICE_CHOSEN_PAGE = 1000;
/** The service ends a page at 4 MB whatever the count. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** Characters of sort keys in a token. */
const MAX_TOKEN_KEYS = 1024;

export type FeedRequest = {
  spec: QuerySpec;
  policy: IndexingPolicy | undefined;
  maxItems: string | undefined;
  continuation: string | undefined;
  nowMs: number;
};

/** Rows as JSON texts, and the token that goes on after them. */
export type FeedAnswer = { rows: string[]; continuation: string | undefined };

/** Answers one page of a query. Tokens carry a digest of their query, so one of another query is refused. */
export function answerQuery(request: FeedRequest, documentsFrom: (firstNumber: number) => Documents): FeedAnswer {
  const { spec, policy, nowMs } = request;
  const digest = createHash('sha256').update(JSON.stringify(spec)).digest('base64url').slice(0, 12);
  const plan = prepareQuery(spec, policy, nowMs);
  const position = request.continuation === undefined ? undefined : readToken(request.continuation, digest);
  const mayResume = position?.after !== undefined && plan.orderBy.length === 0 && !plan.inner;
  const documents = documentsFrom(mayResume ? position.after!.document : 0);
  let size = pageSize(request.maxItems);
  for (;;) {
    const page = runPage(plan, documents, size, position);
    const rows = page.rows.map(row => JSON.stringify(row));
    const fitting = countFitting(rows);
    if (fitting === rows.length) return { rows, continuation: page.next && writeToken(page.next, digest) };
    size = fitting;
  }
}

/** Reads `{query, parameters}` of a request body. @throws ServiceError */
export function parseSpec(body: unknown): QuerySpec {
  if (!isObject(body) || typeof body['query'] !== 'string')
    throw badRequest('The body of a query must be {"query": text}.');
  const parameters = body['parameters'] ?? [];
  const wellFormed = (parameter: unknown) => isObject(parameter) && typeof parameter['name'] === 'string';
  if (!Array.isArray(parameters) || !parameters.every(wellFormed)) {
    throw badRequest('Query parameters must be a list of {"name": "@x", "value": …}.');
  }
  return { query: body['query'], parameters };
}

export function pageSize(header: string | undefined): number {
  if (header === undefined) return DEFAULT_PAGE;
  const count = Number(header);
  if (count === -1) return SERVICE_CHOSEN_PAGE;
  if (!Number.isInteger(count) || count < 1) throw badRequest(`'${header}' is no x-ms-max-item-count.`);
  return count;
}

function countFitting(rows: string[]): number {
  let bytes = 0;
  const over = rows.findIndex(row => {
    bytes += Buffer.byteLength(row);
    return bytes > MAX_PAGE_BYTES;
  });
  return over < 0 ? rows.length : Math.max(1, over);
}

/**
 * Undefined sort keys are wrapped, for JSON would turn them into null. Long sort keys would not fit into a header: such
 * a token only counts the rows given out.
 */
function writeToken(next: Position, digest: string): string {
  if (JSON.stringify(next.after?.order ?? []).length > MAX_TOKEN_KEYS)
    return writeToken({ ...next, after: undefined }, digest);
  const after = next.after && { ...next.after, order: next.after.order.map(key => (key === undefined ? [] : [key])) };
  return Buffer.from(JSON.stringify({ ...next, after, digest })).toString('base64url');
}

function readToken(token: string, digest: string): Position {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    read = undefined;
  }
  if (!isObject(read) || read['digest'] !== digest) {
    throw badRequest('The continuation token is not of this query. Repeat the query without it.');
  }
  const position = read as Position;
  if (position.after) position.after.order = (position.after.order as unknown[][]).map(([key]) => key);
  return position;
}
