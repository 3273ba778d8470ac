import type { Charge } from './charge.ts';
import { DocumentTransaction, type Outcome } from './documents.ts';
import { type KeyValues, parseKey } from './partition-key.ts';
import { badRequest, ServiceError } from './service-error.ts';
import { isObject } from './sql/values.ts';
import type { Change } from './store/change.ts';
import type { Container } from './store/container.ts';

/** One entry of the answer to a batch or bulk request. */
export type BatchResult = {
  statusCode: number;
  requestCharge: number;
  subStatusCode?: number;
  eTag?: string;
  resourceBody?: unknown;
  message?: string;
};
export type BatchAnswer = { status: number; results: BatchResult[]; charge: number };

type Operation = {
  operationType: string;
  id?: string;
  resourceBody?: unknown;
  ifMatch?: string;
  ifNoneMatch?: string;
  partitionKey?: string;
};

const MAX_OPERATIONS = 100;
const MAX_ATOMIC_BYTES = 2 * 1024 * 1024;

/** Reads the body of either kind of request. @throws ServiceError */
export function parseOperations(body: unknown): Operation[] {
  if (!Array.isArray(body) || !body.every(isObject))
    throw badRequest('The body of a batch must be an array of operations.');
  if (body.length === 0) throw badRequest('The batch has no operations.');
  if (body.length > MAX_OPERATIONS) throw badRequest(`The batch has more than ${MAX_OPERATIONS} operations.`);
  return body as Operation[];
}

type Run = { container: Container; nowMs: number; charge: Charge; commit: (changes: Change[]) => void };

/** All or nothing within one logical partition: the offender keeps its status, every other operation gets 424. */
export function runAtomicBatch(operations: Operation[], key: KeyValues, run: Run): BatchAnswer {
  if (Buffer.byteLength(JSON.stringify(operations)) > MAX_ATOMIC_BYTES) {
    throw new ServiceError(413, 'Request size is too large');
  }
  const transaction = new DocumentTransaction(run.container, run.nowMs);
  const results: BatchResult[] = [];
  for (const operation of operations) {
    const result = attempt(transaction, operation, key, run.charge);
    results.push(result);
    if (result.statusCode >= 400) {
      const failed = operations.map((_, index) =>
        index === results.length - 1 ? result : { statusCode: 424, requestCharge: 0 },
      );
      return { status: 207, results: failed, charge: total(failed) };
    }
  }
  run.commit(transaction.changes);
  return { status: 200, results, charge: total(results) };
}

/** Every operation on its own; with `goOn` false those after the first failure get 424. */
export function runBulk(operations: Operation[], goOn: boolean, run: Run): BatchAnswer {
  let stopped = false;
  const results = operations.map((operation): BatchResult => {
    if (stopped) return { statusCode: 424, requestCharge: 0 };
    const transaction = new DocumentTransaction(run.container, run.nowMs);
    const result = attempt(transaction, operation, undefined, run.charge);
    if (result.statusCode < 400) run.commit(transaction.changes);
    else stopped = !goOn;
    return result;
  });
  const status = results.some(result => result.statusCode >= 400) ? 207 : 200;
  return { status, results, charge: total(results) };
}

function total(results: BatchResult[]): number {
  return results.reduce((sum, result) => sum + result.requestCharge, 0);
}

function attempt(
  transaction: DocumentTransaction,
  operation: Operation,
  batchKey: KeyValues | undefined,
  charge: Charge,
): BatchResult {
  try {
    const key = batchKey ?? parseKey(operation.partitionKey ?? '');
    const outcome = perform(transaction, operation, key);
    const requestCharge = charge(operation.operationType === 'Read' ? 'read' : 'write', outcome.bytes);
    const { document, status } = outcome;
    return document
      ? { statusCode: status, requestCharge, eTag: document._etag, resourceBody: document }
      : { statusCode: status, requestCharge };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { status, substatus, message } = error;
    return { statusCode: status, subStatusCode: substatus, requestCharge: charge('read', 0), message };
  }
}

function perform(transaction: DocumentTransaction, operation: Operation, key: KeyValues): Outcome {
  const { operationType, id = '', resourceBody } = operation;
  const conditions = { ifMatch: operation.ifMatch, ifNoneMatch: operation.ifNoneMatch };
  switch (operationType) {
    case 'Create':
      return transaction.create(key, resourceBody);
    case 'Upsert':
      return transaction.upsert(key, resourceBody, conditions);
    case 'Replace':
      return transaction.replace(key, id, resourceBody, conditions);
    case 'Patch':
      return transaction.patch(key, id, resourceBody, conditions);
    case 'Delete':
      return transaction.remove(key, id, conditions);
    case 'Read':
      return transaction.read(key, id, conditions);
    default:
      throw badRequest(`Unknown batch operation '${operationType}'.`);
  }
}
