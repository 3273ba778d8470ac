import { setTimeout as wait } from 'node:timers/promises';
import type { DataRecord, ToolData } from '../../agents/tool.ts';
import { recordsIn } from '../../agents/tool-data.ts';
import { documentOf, idOf, keepable, kindOf, recordOf, refused } from '../../contracts/business-record.ts';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';

/**
 * The records of the business for an effect: read, and changed once for a key. The keys lie in the record's own document
 * and are written with the change, so there is no moment in which one is there without the other.
 */
const mostKeys = 50;
/** Others may write between our reading and writing. */
const tries = 8;
const longestPauseMs = 40;

export function changingRecords(documents: Documents): Required<ToolData> {
  const { get, find } = recordsIn({
    read: documents.read,
    query: (kind, sql, parameters) => documents.query(sql, parameters, kind),
  });

  /** @returns undefined when somebody else was faster */
  async function once(
    kind: string,
    id: string,
    key: string,
    change: (record: DataRecord | undefined) => DataRecord,
  ): Promise<DataRecord | undefined> {
    const stored = await documents.read(kindOf(kind), idOf(id));
    const before = recordOf(stored?.fields);
    const keys = keysIn(stored?.fields);
    if (before && keys.includes(key)) return before;
    const record = keepable(change(before && structuredClone(before)));
    if (record.id !== id) throw refused('its id is not the one that was asked for');
    const document = documentOf(kind, record, [...keys, key].slice(-mostKeys));
    return (await documents.write(document, stored?.etag)) === undefined ? undefined : record;
  }

  return {
    get,
    find,
    change: async (kind, id, key, change) => {
      for (let attempt = 1; attempt <= tries; attempt++) {
        const record = await once(kind, id, key, change);
        if (record) return record;
        await wait(Math.random() * longestPauseMs);
      }
      throw new CallError('STORE_UNAVAILABLE', { operation: 'change-record', status: 412 });
    },
  };
}

function keysIn(fields: Readonly<Record<string, unknown>> | undefined): string[] {
  const keys = fields?.['keys'];
  return Array.isArray(keys) ? keys.filter(key => typeof key === 'string') : [];
}
