import { CallError } from './error.ts';

/**
 * A record of the business, as tools see it and as it lies in the database: container `business`, one partition for each
 * kind. The record lies whole in a field of its document, so that no name it uses means anything else there.
 */
export type BusinessRecord = { readonly id: string } & Readonly<Record<string, unknown>>;

export const businessContainer = {
  id: 'business',
  partitionKey: { paths: ['/pk'] },
  defaultTtl: -1,
  indexingPolicy: {
    indexingMode: 'consistent' as const,
    automatic: true as const,
    includedPaths: [{ path: '/record/*' }],
    excludedPaths: [{ path: '/*' }],
  },
};

export const largestRecordBytes = 64 * 1024;

/** @throws CallError RECORD_REFUSED */
export function kindOf(kind: string): string {
  if (/^[a-z][a-z0-9-]{0,40}$/.test(kind)) return kind;
  throw refused('a kind is small letters, digits and dashes, at most 41 of them');
}

/** What Cosmos DB takes as an id, and no path to anything else. @throws CallError RECORD_REFUSED */
export function idOf(id: string): string {
  if (/^[^\p{C}/\\?#]{1,120}$/u.test(id)) return id;
  throw refused('an id is 1 to 120 characters without / \\ ? and #');
}

/** The record as it is kept: JSON, and nothing but JSON. @throws CallError RECORD_REFUSED */
export function keepable(record: unknown): BusinessRecord {
  let text: string | undefined;
  try {
    text = JSON.stringify(record);
  } catch (cause) {
    throw refused('it is no JSON', cause);
  }
  const kept: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) throw refused('it is no object');
  const { id } = kept as { id?: unknown };
  if (typeof id !== 'string') throw refused('it has no id, or one that is no text');
  idOf(id);
  if (Buffer.byteLength(text ?? '') > largestRecordBytes) throw refused(`it has more than ${largestRecordBytes} bytes`);
  return kept as BusinessRecord;
}

/** The document of a record; `keys` are of the effects that have changed it. */
export function documentOf(kind: string, record: BusinessRecord, keys: readonly string[] = []) {
  return { id: record.id, pk: kindOf(kind), type: 'record', ttl: -1, record, keys };
}

/** @returns undefined where the document holds no record */
export function recordOf(document: unknown): BusinessRecord | undefined {
  const record = (document as { record?: unknown } | null)?.record;
  const isRecord = typeof record === 'object' && record !== null && 'id' in record && typeof record.id === 'string';
  return isRecord ? (record as BusinessRecord) : undefined;
}

export const refused = (reason: string, cause?: unknown): CallError =>
  new CallError('RECORD_REFUSED', { reason }, cause === undefined ? {} : { cause });
