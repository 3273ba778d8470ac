import { randomUUID } from 'node:crypto';
import { type KeyValues, keyOfDocument, keyText, requireFullKey, segmentsOfPath } from './partition-key.ts';
import { applyPatch, parsePatch } from './patch.ts';
import { badRequest, conflict, notFound, preconditionFailed, ServiceError } from './service-error.ts';
import { meetsCondition } from './sql/query.ts';
import { QueryError } from './sql/query-error.ts';
import { canonical, isObject, memberOf } from './sql/values.ts';
import type { Change } from './store/change.ts';
import type { Container, Document, Item } from './store/container.ts';
import { documentRid } from './store/resource-id.ts';

/** The largest document, as JSON in UTF-8. */
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
const MAX_ID_LENGTH = 1023;
const FORBIDDEN_IN_ID = /[/\\?#]/;

/** Conditions of a request; `*` matches any document that exists. */
export type Conditions = { ifMatch?: string | undefined; ifNoneMatch?: string | undefined };

/** A write or read that went well: HTTP status, and the document as it is now (absent after delete and on 304). */
export type Outcome = { status: number; document?: Document; bytes: number };

/**
 * Operations on documents of one container that belong together. Nothing is visible outside until `changes` are
 * committed; operations within see each other, which is what makes a batch atomic.
 */
export class DocumentTransaction {
  readonly changes: Change[] = [];
  readonly #container: Container;
  readonly #nowMs: number;
  readonly #staged = new Map<string, Staged | undefined>();
  #lsn: number;
  #nextNumber: number;

  constructor(container: Container, nowMs: number) {
    this.#container = container;
    this.#nowMs = nowMs;
    this.#lsn = container.lsn;
    this.#nextNumber = container.nextNumber;
  }

  read(key: KeyValues, id: string, { ifNoneMatch }: Conditions = {}): Outcome {
    const current = this.#existing(key, id);
    const { document, bytes } = current;
    if (ifNoneMatch === document._etag || ifNoneMatch === '*') return { status: 304, bytes };
    return { status: 200, document, bytes };
  }

  /** @param key the partition key header, which must say what the document says. */
  create(key: KeyValues | undefined, body: unknown): Outcome {
    const { fields, values } = this.#validate(body, key);
    if (this.#find(values, fields['id'] as string)) throw conflict();
    return { status: 201, ...this.#write(fields, values, undefined) };
  }

  upsert(key: KeyValues | undefined, body: unknown, conditions: Conditions = {}): Outcome {
    const { fields, values } = this.#validate(body, key);
    const current = this.#find(values, fields['id'] as string);
    // An insert has no etag to compare with: If-Match counts for what is there.
    if (current) requireMatch(current.document, conditions);
    return { status: current ? 200 : 201, ...this.#write(fields, values, current) };
  }

  replace(key: KeyValues | undefined, id: string, body: unknown, conditions: Conditions = {}): Outcome {
    const { fields, values } = this.#validate(body, key);
    const current = this.#existing(values, id);
    requireMatch(current.document, conditions);
    if (fields['id'] !== id)
      throw badRequest(`The id in the body, '${String(fields['id'])}', is not that of the path, '${id}'.`);
    return { status: 200, ...this.#write(fields, values, current) };
  }

  patch(key: KeyValues, id: string, body: unknown, conditions: Conditions = {}): Outcome {
    const { operations, condition } = parsePatch(body);
    const current = this.#existing(key, id);
    requireMatch(current.document, conditions);
    if (condition !== undefined && !this.#meets(condition, current.document)) throw preconditionFailed();
    const fields = applyPatch(current.document, operations, this.#container.resource.partitionKey);
    requireTtl((fields as Document)['ttl']);
    return { status: 200, ...this.#write(fields, key, current) };
  }

  remove(key: KeyValues, id: string, conditions: Conditions = {}): Outcome {
    const { document, bytes } = this.#existing(key, id);
    requireMatch(document, conditions);
    const partition = keyText(key);
    this.#staged.set(`${partition}${id}`, undefined);
    this.changes.push({ op: 'remove', container: this.#container.resource._rid, partition, id, lsn: ++this.#lsn });
    return { status: 204, bytes };
  }

  #meets(condition: string, document: Document): boolean {
    try {
      return meetsCondition(condition, document, this.#nowMs);
    } catch (error) {
      if (error instanceof QueryError) throw badRequest(`The patch condition cannot be read: ${error.message}`);
      throw error;
    }
  }

  #find(key: KeyValues, id: string): Staged | undefined {
    const partition = keyText(requireFullKey(key, this.#container.resource.partitionKey));
    const name = `${partition}${id}`;
    return this.#staged.has(name) ? this.#staged.get(name) : this.#container.find(partition, id, this.#nowMs);
  }

  #existing(key: KeyValues, id: string): Staged {
    const found = this.#find(key, id);
    if (!found) throw notFound();
    return found;
  }

  #validate(body: unknown, key: KeyValues | undefined): { fields: Record<string, unknown>; values: KeyValues } {
    if (!isObject(body)) throw badRequest('The request body must be a JSON object.');
    requireId(body['id']);
    requireTtl(body['ttl']);
    const { partitionKey } = this.#container.resource;
    const values = keyOfDocument(body, partitionKey);
    if (key) {
      requireFullKey(key, partitionKey);
      if (keyText(key) !== keyText(values)) {
        throw badRequest(
          "PartitionKey extracted from document doesn't match the one specified in the header. Learn more: https://aka.ms/CosmosDB/sql/errors/wrong-pk-value",
          1001,
        );
      }
    }
    return { fields: body, values };
  }

  #write(
    fields: Record<string, unknown>,
    key: KeyValues,
    current: Staged | undefined,
  ): { document: Document; bytes: number } {
    this.#requireUnique(fields, key);
    const { _rid: owner, _self: link } = this.#container.resource;
    const rid = current?.document._rid ?? documentRid(owner, this.#nextNumber++);
    const { _rid, _self, _etag, _attachments, _ts, ...own } = fields;
    const document = {
      ...own,
      _rid: rid,
      _self: `${link}docs/${rid}/`,
      _etag: `"${randomUUID()}"`,
      _attachments: 'attachments/',
      _ts: Math.floor(this.#nowMs / 1000),
    } as unknown as Document;
    const bytes = Buffer.byteLength(JSON.stringify(document));
    if (bytes > MAX_DOCUMENT_BYTES) throw new ServiceError(413, 'Request size is too large');
    this.#staged.set(`${keyText(key)}${document.id}`, { document, bytes });
    this.changes.push({ op: 'put', container: owner, document, lsn: ++this.#lsn, bytes });
    return { document, bytes };
  }

  #requireUnique(fields: Record<string, unknown>, key: KeyValues): void {
    const constraints = this.#container.resource.uniqueKeyPolicy?.uniqueKeys ?? [];
    for (const { paths } of constraints) {
      const mine = uniqueText(fields, paths);
      for (const other of this.#partition(key)) {
        if (other.id !== fields['id'] && uniqueText(other, paths) === mine) {
          throw conflict('Unique index constraint violation.');
        }
      }
    }
  }

  /** The documents of one logical partition as this transaction sees them. */
  *#partition(key: KeyValues): Iterable<Document> {
    const partition = keyText(key);
    const stored: Item[] = [];
    this.#container.scan(key, this.#nowMs, item => stored.push(item) > 0);
    for (const { document } of stored) if (!this.#staged.has(`${partition}${document.id}`)) yield document;
    for (const [name, staged] of this.#staged) if (staged && name.startsWith(partition)) yield staged.document;
  }
}

type Staged = { document: Document; bytes: number };

function uniqueText(document: Record<string, unknown>, paths: string[]): string {
  return canonical(paths.map(path => segmentsOfPath(path).reduce<unknown>(memberOf, document) ?? null));
}

function requireMatch(document: Document, { ifMatch }: Conditions): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== document._etag) throw preconditionFailed();
}

function requireId(id: unknown): void {
  if (typeof id !== 'string' || id === '') {
    throw badRequest("The input content is invalid because the required properties - 'id; ' - are missing");
  }
  if (id.length > MAX_ID_LENGTH) throw badRequest(`The id is longer than ${MAX_ID_LENGTH} characters.`);
  if (FORBIDDEN_IN_ID.test(id))
    throw badRequest(`The id '${id}' holds one of the characters / \\ ? #, which ids cannot.`);
}

function requireTtl(ttl: unknown): void {
  if (ttl === undefined || ttl === null || ttl === -1) return;
  if (!Number.isInteger(ttl) || (ttl as number) < 1 || (ttl as number) > 0x7fffffff) {
    throw badRequest('The input ttl is invalid. It must be a positive integer of seconds, or -1 for ever.');
  }
}
