import { type KeyDefinition, segmentsOfPath } from './partition-key.ts';
import { badRequest, type ServiceError } from './service-error.ts';
import { deepEqual, isObject, setField } from './sql/values.ts';

/**
 * Partial update: the six operations of PATCH, applied in order to a copy, all or none. Paths are JSON pointers.
 */
export type PatchOperation = { op: string; path: string; value?: unknown; from?: string };
export type PatchRequest = { operations: PatchOperation[]; condition: string | undefined };

/** The most operations the service takes in one patch. */
const MAX_OPERATIONS = 10;
const OPERATIONS = new Set(['add', 'set', 'replace', 'remove', 'incr', 'move']);
const SYSTEM_FIELDS = new Set(['id', '_rid', '_self', '_etag', '_ts', '_attachments']);

/** Reads the body of a PATCH: an array of operations, or `{condition, operations}`. @throws ServiceError */
export function parsePatch(body: unknown): PatchRequest {
  const operations: unknown = Array.isArray(body) ? body : isObject(body) ? body['operations'] : undefined;
  if (!Array.isArray(operations) || operations.length === 0) {
    throw badRequest('The patch must have at least one operation.');
  }
  if (operations.length > MAX_OPERATIONS) {
    throw badRequest(`The number of patch operations can't exceed '${MAX_OPERATIONS}'.`);
  }
  const condition = isObject(body) ? body['condition'] : undefined;
  if (condition !== undefined && typeof condition !== 'string') throw badRequest('The patch condition must be text.');
  return { operations: operations.map(readOperation), condition };
}

function readOperation(operation: unknown, index: number): PatchOperation {
  const fail = (why: string) => badRequest(`For Operation(${index + 1}): ${why}`);
  if (!isObject(operation)) throw fail('an operation must be an object.');
  const { op, path, from } = operation;
  if (typeof op !== 'string' || !OPERATIONS.has(op)) throw fail(`unknown operation '${String(op)}'.`);
  if (typeof path !== 'string' || !path.startsWith('/')) throw fail("the path must be text that begins with '/'.");
  if (op === 'move' && (typeof from !== 'string' || !from.startsWith('/'))) {
    throw fail("'move' needs 'from', a path that begins with '/'.");
  }
  if (op !== 'remove' && op !== 'move' && operation['value'] === undefined) throw fail(`'${op}' needs a value.`);
  return operation as PatchOperation;
}

/** A patched copy of `document`. @throws ServiceError for a path that is missing or may not be changed. */
export function applyPatch<T extends object>(document: T, operations: PatchOperation[], key: KeyDefinition): T {
  const copy = structuredClone(document);
  operations.forEach((operation, index) => {
    const fail = (why: string) => badRequest(`For Operation(${index + 1}): ${why}`);
    for (const path of operation.op === 'move' ? [operation.from!, operation.path] : [operation.path]) {
      refuseFixed(path, key, fail);
    }
    applyOne(copy, operation, fail);
  });
  return copy;
}

type Fail = (why: string) => ServiceError;

/** Id, system fields and the partition key are what a document is found by; a patch cannot move it. */
function refuseFixed(path: string, key: KeyDefinition, fail: Fail): void {
  const segments = pointer(path);
  if (SYSTEM_FIELDS.has(segments[0]!)) throw fail(`'${path}' cannot be patched: it is set by the service.`);
  const touchesKey = key.paths.some(keyPath => {
    const fixed = segmentsOfPath(keyPath);
    const shared = Math.min(fixed.length, segments.length);
    return deepEqual(fixed.slice(0, shared), segments.slice(0, shared));
  });
  if (touchesKey) throw fail(`'${path}' cannot be patched: it is part of the partition key.`);
}

function pointer(path: string): string[] {
  return path
    .slice(1)
    .split('/')
    .map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function applyOne(document: object, operation: PatchOperation, fail: Fail): void {
  const { op, path, value } = operation;
  if (op === 'move') {
    if (`${path}/`.startsWith(`${operation.from}/`) && path !== operation.from)
      throw fail(`cannot move into itself: '${path}'.`);
    write(place(document, path, fail), 'add', take(place(document, operation.from!, fail), fail), fail);
  } else if (op === 'remove') take(place(document, path, fail), fail);
  else if (op === 'incr') increment(place(document, path, fail), value, fail);
  else write(place(document, path, fail), op as 'add' | 'set' | 'replace', structuredClone(value), fail);
}

/** Where a path leads: the array or object it ends in, and the last segment. */
type Place = { path: string; parent: unknown[] | Record<string, unknown>; last: string };

function place(document: object, path: string, fail: Fail): Place {
  const segments = pointer(path);
  let parent: unknown = document;
  for (const segment of segments.slice(0, -1)) {
    parent = Array.isArray(parent)
      ? parent[index(segment) ?? -1]
      : isObject(parent)
        ? field(parent, segment)
        : undefined;
  }
  if (!Array.isArray(parent) && !isObject(parent))
    throw fail(`the parent of '${path}' does not exist. Create it first.`);
  return { path, parent, last: segments.at(-1)! };
}

function field(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function index(segment: string): number | undefined {
  return /^(?:0|[1-9]\d*)$/.test(segment) ? Number(segment) : undefined;
}

function write({ path, parent, last }: Place, op: 'add' | 'set' | 'replace', value: unknown, fail: Fail): void {
  if (!Array.isArray(parent)) {
    if (op === 'replace' && !Object.hasOwn(parent, last))
      throw fail(`'${path}' does not exist, so it cannot be replaced.`);
    setField(parent, last, value);
    return;
  }
  const at = last === '-' && op !== 'replace' ? parent.length : index(last);
  if (at === undefined) throw fail(`'${path}' is no index of an array.`);
  if (at > parent.length || (op === 'replace' && at === parent.length))
    throw fail(`the index of '${path}' is out of range.`);
  parent.splice(at, op === 'add' ? 0 : 1, value);
}

function take({ path, parent, last }: Place, fail: Fail): unknown {
  if (Array.isArray(parent)) {
    const at = index(last);
    if (at === undefined || at >= parent.length) throw fail(`'${path}' does not exist, so it cannot be removed.`);
    return parent.splice(at, 1)[0];
  }
  if (!Object.hasOwn(parent, last)) throw fail(`'${path}' does not exist, so it cannot be removed.`);
  const value = parent[last];
  delete parent[last];
  return value;
}

function increment(target: Place, by: unknown, fail: Fail): void {
  const { path, parent, last } = target;
  const before = Array.isArray(parent) ? parent[index(last) ?? -1] : field(parent, last);
  if (typeof by !== 'number') throw fail(`'incr' needs a number for '${path}'.`);
  if (before !== undefined && typeof before !== 'number') throw fail(`'${path}' is not a number, so it cannot grow.`);
  write(target, 'set', (before ?? 0) + by, fail);
}
