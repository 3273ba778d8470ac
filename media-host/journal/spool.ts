import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JournalDocument, JournalStore, Spool } from './journal.ts';

/**
 * Journals that Cosmos DB did not take wait here, a file for each call, and are replayed when it is back. Documents have
 * computed ids, so a replay after a half-done one is harmless.
 */
export interface DiskSpool extends Spool {
  /**
   * Writes what waits to the store. A file that cannot be read holds up no other: it is kept under a name of its own.
   * @param putAside told that name. @param of this call's only. @returns how many calls were replayed and how many still wait.
   */
  replay(
    store: JournalStore,
    putAside: (file: string) => void,
    of?: string,
  ): Promise<{ replayed: number; waiting: number }>;
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
    replay: async (store, putAside, of = '') => {
      const names = (await readdir(folder).catch(() => []))
        .filter(name => name.startsWith(of) && name.endsWith('.jsonl'))
        .sort();
      let replayed = 0;
      for (const [i, name] of names.entries()) {
        const path = join(folder, name);
        const documents = documentsIn(await readFile(path, 'utf8'));
        if (!documents) {
          await rename(path, `${path}.bad`);
          putAside(`${name}.bad`);
          continue;
        }
        const callId = documents[0]?.callId;
        try {
          if (callId !== undefined) await store.write(callId, documents);
        } catch {
          // The store is still away: the files keep their place for the next try.
          return { replayed, waiting: names.length - i };
        }
        await rm(path);
        replayed++;
      }
      return { replayed, waiting: 0 };
    },
  };
}

/** What the store needs of a document to find its place; the rest was ours when it was written. */
const place = z.looseObject({ id: z.string().min(1), pk: z.string().min(1), callId: z.string().min(1) });

/** undefined where one line is no document: a disk that was full or a power cut. */
function documentsIn(text: string): readonly JournalDocument[] | undefined {
  const lines = text.split('\n').filter(line => line !== '');
  try {
    return lines.map(line => place.parse(JSON.parse(line)) as unknown as JournalDocument);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
