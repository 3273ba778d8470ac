import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';

/** What the database is to those who keep small documents: it keeps the first of two writers and tells the second. */
export interface ScriptedDocuments extends Pick<Documents, 'read' | 'write'> {
  /** Nothing can be read or written. */
  down: boolean;
  reads: number;
  writes: number;
  /** By partition and id. */
  stored: Map<string, { fields: Record<string, unknown>; etag: string }>;
}

export function scriptedDocuments(): ScriptedDocuments {
  const documents: ScriptedDocuments = {
    down: false,
    reads: 0,
    writes: 0,
    stored: new Map(),
    async read(pk, id) {
      await reached('read');
      documents.reads += 1;
      return documents.stored.get(`${pk} ${id}`);
    },
    async write(document, etag) {
      await reached('write');
      documents.writes += 1;
      const key = `${document.pk} ${document.id}`;
      if (documents.stored.get(key)?.etag !== etag) return undefined;
      const written = { fields: structuredClone(document), etag: `e${documents.writes}` };
      documents.stored.set(key, written);
      return written.etag;
    },
  };
  return documents;

  /** Others get their turn first, as they do while a request is under way. */
  async function reached(operation: string): Promise<void> {
    await new Promise(resolve => setImmediate(resolve));
    if (documents.down) throw new CallError('STORE_UNAVAILABLE', { operation, status: 503 });
  }
}
