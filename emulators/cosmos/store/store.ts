import { mkdirSync } from 'node:fs';
import { ownerNotFound } from '../service-error.ts';
import type { Change, DatabaseResource } from './change.ts';
import { Container } from './container.ts';
import { Journal } from './journal.ts';
import { lockFolder } from './lock.ts';
import { numberOfRid } from './resource-id.ts';

/** A database and its containers by id. */
export type Database = { resource: DatabaseResource; containers: Map<string, Container>; nextContainer: number };

/** Below this a journal is not worth rewriting. */
const MIN_COMPACTION_BYTES = 64 * 1024;

/**
 * All state, and the one way to change it: `commit` writes changes to the journal and then applies them. Replaying
 * the journal applies the same changes, so a restarted store is the store before.
 */
export class Store {
  readonly databases = new Map<string, Database>();
  nextDatabase = 1;
  readonly #containers = new Map<string, Container>();
  readonly #journal: Journal | undefined;
  readonly #unlock: () => void;

  /** @param dir journal folder, made when missing; without it everything is in memory. */
  constructor(options: { dir?: string | undefined; fsync: boolean; log: (line: string) => void }) {
    const { dir, fsync, log } = options;
    this.#unlock = () => undefined;
    if (dir === undefined) return;
    mkdirSync(dir, { recursive: true });
    this.#unlock = lockFolder(dir, log);
    try {
      this.#journal = new Journal(dir, fsync);
      this.#journal.replay(changes => this.#apply(changes), log);
      this.#compactIfWorthIt(log);
    } catch (error) {
      this.#unlock();
      throw error;
    }
  }

  get journalBytes(): number {
    return this.#journal?.bytes ?? 0;
  }

  /** Makes `changes` durable and visible together. */
  commit(changes: Change[]): void {
    if (changes.length === 0) return;
    this.#journal?.append(changes);
    this.#apply(changes);
  }

  database(id: string): Database {
    const database = this.databases.get(id);
    if (!database) throw ownerNotFound();
    return database;
  }

  container(database: string, id: string): Container {
    const container = this.database(database).containers.get(id);
    if (!container) throw ownerNotFound();
    return container;
  }

  /** Forgets everything, on disk too. */
  reset(): void {
    this.#journal?.rewrite([]);
    this.databases.clear();
    this.#containers.clear();
  }

  close(): void {
    this.#journal?.close();
    this.#unlock();
  }

  #apply(changes: Change[]): void {
    for (const change of changes) this.#applyOne(change);
  }

  #applyOne(change: Change): void {
    switch (change.op) {
      case 'counters':
        this.nextDatabase = Math.max(this.nextDatabase, change.nextDatabase);
        return;
      case 'database': {
        const { resource, next = 1 } = change;
        this.databases.set(resource.id, { resource, containers: new Map(), nextContainer: next });
        this.nextDatabase = Math.max(this.nextDatabase, numberOfRid(resource._rid) + 1);
        return;
      }
      case 'drop-database': {
        const containers = this.databases.get(change.id)?.containers.values() ?? [];
        for (const container of containers) this.#containers.delete(container.resource._rid);
        this.databases.delete(change.id);
        return;
      }
      case 'container':
        this.#applyContainer(change);
        return;
      case 'drop-container': {
        const { containers } = this.database(change.database);
        this.#containers.delete(containers.get(change.id)?.resource._rid ?? '');
        containers.delete(change.id);
        return;
      }
      case 'put':
        this.#byRid(change.container).put(change.document, change.lsn, change.bytes);
        return;
      case 'remove':
        this.#byRid(change.container).remove(change.partition, change.id, change.lsn);
        return;
    }
  }

  #applyContainer({ database, resource, lsn = 0, next = 1 }: Extract<Change, { op: 'container' }>): void {
    const owner = this.database(database);
    const known = owner.containers.get(resource.id);
    const container = known ?? new Container(resource);
    container.resource = resource;
    container.lsn = Math.max(container.lsn, lsn);
    container.nextNumber = Math.max(container.nextNumber, next);
    owner.containers.set(resource.id, container);
    owner.nextContainer = Math.max(owner.nextContainer, numberOfRid(resource._rid) + 1);
    this.#containers.set(resource._rid, container);
  }

  #byRid(rid: string): Container {
    const container = this.#containers.get(rid);
    if (!container) throw new Error(`The journal writes to container ${rid}, which it never created.`);
    return container;
  }

  #compactIfWorthIt(log: (line: string) => void): void {
    const journal = this.#journal!;
    const before = journal.bytes;
    if (before < MIN_COMPACTION_BYTES || before <= 2 * this.#liveBytes()) return;
    journal.rewrite(this.#snapshot());
    log(`cosmos: compacted the journal from ${before} to ${journal.bytes} bytes`);
  }

  #liveBytes(): number {
    let bytes = 0;
    for (const container of this.#containers.values()) for (const item of container.all()) bytes += item.bytes + 100;
    return bytes;
  }

  /** Items go out in order of change, because that is the order the change feed rebuilds from. */
  *#snapshot(): Iterable<Change[]> {
    yield [{ op: 'counters', nextDatabase: this.nextDatabase }];
    for (const [id, database] of this.databases) {
      yield [{ op: 'database', resource: database.resource, next: database.nextContainer }];
      for (const container of database.containers.values()) {
        const { resource, lsn, nextNumber } = container;
        yield [{ op: 'container', database: id, resource, lsn, next: nextNumber }];
        for (const item of container.changedAfter(-1)) {
          yield [{ op: 'put', container: resource._rid, document: item.document, lsn: item.lsn, bytes: item.bytes }];
        }
      }
    }
  }
}
