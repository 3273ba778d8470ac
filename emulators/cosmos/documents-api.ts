import { QUERY_PLAN } from './account.ts';
import { parseOperations, runAtomicBatch, runBulk } from './batch.ts';
import { readChangeFeed } from './change-feed.ts';
import type { Charge } from './charge.ts';
import { DocumentTransaction, type Outcome } from './documents.ts';
import { keyRangeFilter } from './key-range.ts';
import { type KeyValues, parseKey, requireFullKey } from './partition-key.ts';
import { answerQuery, pageSize, parseSpec } from './query-feed.ts';
import { badRequest, ServiceError } from './service-error.ts';
import type { QuerySpec } from './sql/query.ts';
import type { Change } from './store/change.ts';
import type { Container } from './store/container.ts';
import { type Call, isTrue, json, type Reply } from './wire.ts';

/** What the documents routes need from the outside. */
export type DocumentsContext = { commit: (changes: Change[]) => void; clock: () => number; charge: Charge };

/** Whether a request on `…/docs` reads, writes or queries; undefined for a query plan. Faults are aimed by it. */
export function kindOfDocumentCall(call: Call): 'reads' | 'writes' | 'queries' | undefined {
  if (isTrue(call.header('x-ms-cosmos-is-query-plan-request'))) return undefined;
  if (isQuery(call)) return 'queries';
  return call.method === 'GET' ? 'reads' : 'writes';
}

function isQuery(call: Call): boolean {
  const type = call.header('content-type') ?? '';
  return isTrue(call.header('x-ms-documentdb-isquery')) || type.startsWith('application/query+json');
}

/** `…/docs`: create, upsert, batch, bulk, query, feed and change feed, told apart by headers. */
export function documentsRoute(call: Call, container: Container, context: DocumentsContext): Reply {
  if (call.method === 'GET') {
    if (call.header('a-im') !== undefined) return changeFeed(call, container, context);
    return query(call, { query: 'SELECT * FROM root' }, container, context);
  }
  if (call.method !== 'POST') throw new ServiceError(405, `${call.method} is not known here.`);
  if (isTrue(call.header('x-ms-cosmos-is-query-plan-request'))) return json(200, QUERY_PLAN, { charge: 0 });
  if (isQuery(call)) return query(call, parseSpec(call.body), container, context);
  if (isTrue(call.header('x-ms-cosmos-is-batch-request'))) return batch(call, container, context);
  return write(call, container, context, transaction =>
    isTrue(call.header('x-ms-documentdb-is-upsert'))
      ? transaction.upsert(keyOf(call), call.body, conditionsOf(call))
      : transaction.create(keyOf(call), call.body),
  );
}

/** `…/docs/{id}`: read, replace, patch, delete. */
export function documentRoute(call: Call, id: string, container: Container, context: DocumentsContext): Reply {
  const key = keyOf(call);
  if (!key) throw badRequest('PartitionKey value must be supplied for this operation.');
  requireFullKey(key, container.resource.partitionKey);
  const conditions = conditionsOf(call);
  switch (call.method) {
    case 'GET': {
      const outcome = new DocumentTransaction(container, context.clock()).read(key, id, conditions);
      return outcomeReply(outcome, context.charge('read', outcome.bytes));
    }
    case 'PUT':
      return write(call, container, context, transaction => transaction.replace(key, id, call.body, conditions));
    case 'PATCH':
      return write(call, container, context, transaction => transaction.patch(key, id, call.body, conditions));
    case 'DELETE':
      return write(call, container, context, transaction => transaction.remove(key, id, conditions));
    default:
      throw new ServiceError(405, `${call.method} is not known here.`);
  }
}

function write(
  call: Call,
  container: Container,
  { clock, charge, commit }: DocumentsContext,
  perform: (transaction: DocumentTransaction) => Outcome,
): Reply {
  const transaction = new DocumentTransaction(container, clock());
  const outcome = perform(transaction);
  commit(transaction.changes);
  const reply = outcomeReply(outcome, charge('write', outcome.bytes));
  if (call.header('prefer') === 'return=minimal') delete reply.body;
  return reply;
}

function outcomeReply({ status, document }: Outcome, charge: number): Reply {
  return document ? json(status, document, { headers: { etag: document._etag }, charge }) : { status, charge };
}

function keyOf(call: Call): KeyValues | undefined {
  const header = call.header('x-ms-documentdb-partitionkey');
  return header === undefined ? undefined : parseKey(header);
}

function conditionsOf(call: Call) {
  return { ifMatch: call.header('if-match'), ifNoneMatch: call.header('if-none-match') };
}

function query(call: Call, spec: QuerySpec, container: Container, { clock, charge }: DocumentsContext): Reply {
  const nowMs = clock();
  const key = keyOf(call);
  const accepts = keyRangeFilter(call, container.resource.partitionKey);
  let scanned = 0;
  const { rows, continuation } = answerQuery(
    {
      spec,
      policy: container.resource.indexingPolicy,
      maxItems: call.header('x-ms-max-item-count'),
      continuation: call.header('x-ms-continuation'),
      nowMs,
    },
    firstNumber => each =>
      container.scan(key, nowMs, item => {
        if (item.number < firstNumber || !accepts(item.key)) return true;
        scanned++;
        return each(item.document, item.number);
      }),
  );
  const body = `{"_rid":"${container.resource._rid}","Documents":[${rows.join()}],"_count":${rows.length}}`;
  const headers: Record<string, string> = { 'x-ms-item-count': String(rows.length) };
  if (continuation !== undefined) headers['x-ms-continuation'] = continuation;
  return { status: 200, body, headers, charge: charge('query', body.length, scanned) };
}

function changeFeed(call: Call, container: Container, { clock, charge }: DocumentsContext): Reply {
  if (call.header('a-im')?.toLowerCase() !== 'incremental feed') {
    throw badRequest('Only the latest-version change feed is emulated, not all versions and deletes.');
  }
  const position = { ifNoneMatch: call.header('if-none-match'), ifModifiedSince: call.header('if-modified-since') };
  const filter = { key: keyOf(call), accepts: keyRangeFilter(call, container.resource.partitionKey) };
  const size = pageSize(call.header('x-ms-max-item-count'));
  const { documents, etag } = readChangeFeed(container, position, filter, size, clock());
  if (documents.length === 0) return { status: 304, headers: { etag }, charge: charge('read', 0) };
  const body = { _rid: container.resource._rid, Documents: documents, _count: documents.length };
  const headers = { etag, 'x-ms-item-count': String(documents.length) };
  return json(200, body, { headers, charge: charge('query', 0, documents.length) });
}

function batch(call: Call, container: Container, { clock, charge, commit }: DocumentsContext): Reply {
  const operations = parseOperations(call.body);
  const run = { container, nowMs: clock(), charge, commit };
  const answer = isTrue(call.header('x-ms-cosmos-batch-atomic'))
    ? runAtomicBatch(operations, requireFullKey(keyOf(call) ?? [], container.resource.partitionKey), run)
    : runBulk(operations, isTrue(call.header('x-ms-cosmos-batch-continue-on-error')), run);
  const isMinimal = call.header('prefer') === 'return=minimal';
  const results = isMinimal ? answer.results.map(({ resourceBody: _, ...result }) => result) : answer.results;
  return json(answer.status, results, { charge: answer.charge });
}
