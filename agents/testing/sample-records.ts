import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DataRecord, ToolData } from '../tool.ts';

/** The records of `agents/data` in memory, read and changed as those in a database are: once per record and key. */
export interface SampleRecords {
  /** For a look-up. */
  readonly reading: ToolData;
  /** For an effect. */
  readonly changing: ToolData;
  /** How often records were changed. */
  changes(): number;
}

const ours = join(import.meta.dirname, '../data');
const file = z.array(z.looseObject({ id: z.string() }));

/** @param folder of records; there are none where there is no such folder @default those of this house */
export async function sampleRecords(folder = ours): Promise<SampleRecords> {
  const kinds = (existsSync(folder) ? await readdir(folder) : []).flatMap(name => /^(.+)\.json$/.exec(name)?.[1] ?? []);
  const all = new Map<string, DataRecord>();
  for (const kind of kinds)
    for (const record of file.parse(JSON.parse(await readFile(join(folder, `${kind}.json`), 'utf8'))))
      all.set(`${kind}/${record.id}`, record);

  let changes = 0;
  const seen = new Set<string>();
  const reading: ToolData = {
    get: async (kind, id) => all.get(`${kind}/${id}`),
    find: async (kind, where) =>
      [...all]
        .filter(([place, record]) => {
          const equal = Object.entries(where).every(([field, value]) => record[field] === value);
          return place.startsWith(`${kind}/`) && equal;
        })
        .map(([, record]) => record)
        .slice(0, 50),
  };
  return {
    reading,
    changing: {
      ...reading,
      change: async (kind, id, key, change) => {
        const place = `${kind}/${id}`;
        const before = all.get(place);
        if (before && seen.has(`${place} ${key}`)) return before;
        const after = change(before);
        seen.add(`${place} ${key}`);
        all.set(place, after);
        changes += 1;
        return after;
      },
    },
    changes: () => changes,
  };
}
