import { type KeyDefinition, type KeyValues, keyOfDocument, keyText, startsWithKey } from '../partition-key.ts';
import type { IndexingPolicy } from '../sql/order-index.ts';
import { numberOfRid } from './resource-id.ts';

/** What clients see of a document: their own fields and the five the service stamps. */
export type Document = Record<string, unknown> & { id: string; _rid: string; _etag: string; _ts: number };

/** A container as clients see it. */
export type ContainerResource = Record<string, unknown> & {
  id: string;
  partitionKey: KeyDefinition;
  indexingPolicy: IndexingPolicy;
  defaultTtl?: number;
  uniqueKeyPolicy?: { uniqueKeys?: { paths: string[] }[] };
  _rid: string;
  _self: string;
  _etag: string;
  _ts: number;
};

/** A document with what the stand-in needs to find it. `bytes` is its size as JSON. */
export type Item = {
  document: Document;
  key: KeyValues;
  partition: string;
  number: number;
  lsn: number;
  bytes: number;
};

/**
 * The documents of one container, by logical partition and in order of creation, and the order they last changed in.
 * Holds state only: what may be written is decided in `documents.ts`.
 */
export class Container {
  resource: ContainerResource;
  lsn = 0;
  nextNumber = 1;
  #partitions = new Map<string, Map<string, Item>>();
  #byNumber = new Map<number, Item>();
  #inOrder = true;
  #changes: Item[] = [];

  constructor(resource: ContainerResource) {
    this.resource = resource;
  }

  get size(): number {
    return this.#byNumber.size;
  }

  /** The document with this key and id, unless its time to live has passed. */
  find(partition: string, id: string, nowMs: number): Item | undefined {
    const item = this.#partitions.get(partition)?.get(id);
    return item && !this.isExpired(item, nowMs) ? item : undefined;
  }

  /** Time to live counts only where the container has a default; -1 means for ever. */
  isExpired(item: Item, nowMs: number): boolean {
    const { defaultTtl } = this.resource;
    if (defaultTtl === undefined) return false;
    const own = item.document['ttl'];
    const ttl = typeof own === 'number' ? own : defaultTtl;
    return ttl >= 0 && nowMs >= (item.document._ts + ttl) * 1000;
  }

  put(document: Document, lsn: number, bytes: number): void {
    const key = keyOfDocument(document, this.resource.partitionKey);
    const partition = keyText(key);
    const number = numberOfRid(document._rid);
    const item = { document, key, partition, number, lsn, bytes };
    const inPartition = this.#partitions.get(partition) ?? new Map<string, Item>();
    const replaced = inPartition.get(document.id);
    if (replaced && replaced.number !== number) {
      this.#byNumber.delete(replaced.number);
      inPartition.delete(document.id);
    }
    // A compacted journal brings documents in order of change: scans sort them once.
    if (!replaced && number < this.nextNumber - 1) this.#inOrder = false;
    inPartition.set(document.id, item);
    this.#partitions.set(partition, inPartition);
    this.#byNumber.set(number, item);
    this.#changes.push(item);
    if (this.#changes.length > 1000 && this.#changes.length > 2 * this.size) {
      this.#changes = this.#changes.filter(change => this.#isLatest(change));
    }
    this.lsn = Math.max(this.lsn, lsn);
    this.nextNumber = Math.max(this.nextNumber, number + 1);
  }

  remove(partition: string, id: string, lsn: number): void {
    const inPartition = this.#partitions.get(partition);
    const item = inPartition?.get(id);
    if (inPartition && item) {
      inPartition.delete(id);
      if (inPartition.size === 0) this.#partitions.delete(partition);
      this.#byNumber.delete(item.number);
    }
    this.lsn = Math.max(this.lsn, lsn);
  }

  /** Visits live documents oldest first, those of one key or key prefix if given, until `visit` returns false. */
  scan(prefix: KeyValues | undefined, nowMs: number, visit: (item: Item) => boolean): void {
    this.#sort();
    for (const item of this.#candidates(prefix)) {
      if (prefix && !startsWithKey(item.key, prefix)) continue;
      if (this.isExpired(item, nowMs)) continue;
      if (!visit(item)) return;
    }
  }

  #candidates(prefix: KeyValues | undefined): Iterable<Item> {
    const isFull = prefix?.length === this.resource.partitionKey.paths.length;
    return isFull ? (this.#partitions.get(keyText(prefix))?.values() ?? []) : this.#byNumber.values();
  }

  /** Every document, the expired too, for journal and sweep. */
  all(): Iterable<Item> {
    return this.#byNumber.values();
  }

  /** Latest versions changed after `lsn`, in order of change. */
  *changedAfter(lsn: number): Iterable<Item> {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#changes[middle]!.lsn > lsn) high = middle;
      else low = middle + 1;
    }
    for (; low < this.#changes.length; low++) {
      const item = this.#changes[low]!;
      if (this.#isLatest(item)) yield item;
    }
  }

  #sort(): void {
    if (this.#inOrder) return;
    this.#inOrder = true;
    const items = [...this.#byNumber.values()].sort((a, b) => a.number - b.number);
    this.#byNumber = new Map(items.map(item => [item.number, item]));
    this.#partitions = new Map();
    for (const item of items) {
      const inPartition = this.#partitions.get(item.partition) ?? new Map<string, Item>();
      this.#partitions.set(item.partition, inPartition.set(item.document.id, item));
    }
  }

  #isLatest(item: Item): boolean {
    return this.#byNumber.get(item.number) === item;
  }
}
