import type { ContainerResource, Document } from './container.ts';

/** A database as clients see it. */
export type DatabaseResource = Record<string, unknown> & { id: string; _rid: string; _self: string; _etag: string };

/**
 * What the journal is made of. One line holds one list of changes, applied together or not at all; `next` and `lsn`
 * carry counters over a compaction, so that no id is used twice.
 */
export type Change =
  | { op: 'counters'; nextDatabase: number }
  | { op: 'database'; resource: DatabaseResource; next?: number }
  | { op: 'drop-database'; id: string }
  | { op: 'container'; database: string; resource: ContainerResource; lsn?: number; next?: number }
  | { op: 'drop-container'; database: string; id: string }
  | { op: 'put'; container: string; document: Document; lsn: number; bytes: number }
  | { op: 'remove'; container: string; partition: string; id: string; lsn: number };
