import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { businessContainer, documentOf, keepable, kindOf } from '../contracts/business-record.ts';
import type { RecordStore } from './record-store.ts';

/**
 * Puts the records of a folder of agents, `data/<kind>.json`, into the database that tools look into. A record that is
 * there already stays as it is: what effects have changed survives the next start.
 */
export interface Loaded {
  kinds: number;
  records: number;
  /** Of them, those that were not there. */
  made: number;
}

/** Requests at a time. */
const atOnce = 16;

/** @throws Error that names the file and what is wrong in it; nothing is written then */
export async function loadRecords(folder: string, store: Pick<RecordStore, 'make' | 'add'>): Promise<Loaded> {
  const kinds = await recordFiles(folder);
  const documents = kinds.flatMap(({ kind, records }) => records.map(record => documentOf(kind, record)));
  if (documents.length === 0) return { kinds: 0, records: 0, made: 0 };
  await store.make(businessContainer);
  let made = 0;
  for (let from = 0; from < documents.length; from += atOnce) {
    const added = await Promise.all(
      documents.slice(from, from + atOnce).map(document => store.add(businessContainer.id, document)),
    );
    made += added.filter(Boolean).length;
  }
  return { kinds: kinds.length, records: documents.length, made };
}

type Records = ReturnType<typeof keepable>[];

async function recordFiles(folder: string): Promise<{ kind: string; records: Records }[]> {
  const files = await readdir(path.join(folder, 'data')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = files.filter(name => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async name => ({
      kind: name.slice(0, -'.json'.length),
      records: await recordsOf(path.join(folder, 'data', name)),
    })),
  );
}

async function recordsOf(file: string): Promise<Records> {
  try {
    kindOf(path.basename(file, '.json'));
    const records: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!Array.isArray(records)) throw new Error('it must hold a list of records');
    const kept = records.map(keepable);
    const twice = kept.find(({ id }, at) => kept.findIndex(other => other.id === id) !== at);
    if (twice) throw new Error('two of its records have the same id');
    return kept;
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}
