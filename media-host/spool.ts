import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalDocument, JournalStore, Spool } from './journal.ts';

/**
 * Journals that Cosmos DB did not take wait here, a file for each call, and are replayed when it is back. Documents have
 * computed ids, so a replay after a half-done one is harmless.
 */
export interface DiskSpool extends Spool {
  /** Writes what waits to the store. @returns how many calls were replayed and how many still wait. */
  replay(store: JournalStore): Promise<{ replayed: number; waiting: number }>;
}

export function createSpool(folder: string): DiskSpool {
  return {
    keep: async (callId, documents) => {
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${callId}-${process.pid}-${documents[0]?.id.replace(':', '-') ?? 'none'}`);
      await writeFile(`${path}.tmp`, documents.map(document => `${JSON.stringify(document)}\n`).join(''), {
        mode: 0o600,
      });
      await rename(`${path}.tmp`, `${path}.jsonl`);
    },
    replay: async store => {
      const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.jsonl')).sort();
      let replayed = 0;
      for (const name of names) {
        const lines = (await readFile(join(folder, name), 'utf8')).split('\n').filter(line => line !== '');
        const documents = lines.map(line => JSON.parse(line) as JournalDocument);
        const callId = documents[0]?.callId;
        try {
          if (callId !== undefined) await store.write(callId, documents);
        } catch {
          // The store is still away: the files keep their place for the next try.
          return { replayed, waiting: names.length - replayed };
        }
        await rm(join(folder, name));
        replayed++;
      }
      return { replayed, waiting: 0 };
    },
  };
}
