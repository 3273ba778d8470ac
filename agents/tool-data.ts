import { idOf, kindOf, recordOf, refused } from '../contracts/business-record.ts';
import type { ToolData } from './tool.ts';

/** What tools may ask of the records of the business, wherever those are kept; every question stays within one kind. */
export interface RecordDocuments {
  read(kind: string, id: string): Promise<StoredRecord | undefined>;
  /** Documents of the kind. */
  query(kind: string, sql: string, parameters: Readonly<Record<string, Value>>): Promise<readonly unknown[]>;
}

export interface StoredRecord {
  fields: Readonly<Record<string, unknown>>;
  etag: string;
}

type Value = string | number | boolean;

const mostFound = 50;

/** @throws CallError RECORD_REFUSED for what cannot be asked; what `documents` throws */
export function recordsIn(documents: RecordDocuments): ToolData {
  return {
    get: async (kind, id) => recordOf((await documents.read(kindOf(kind), idOf(id)))?.fields),
    find: async (kind, where) => {
      const { sql, parameters } = question(where);
      return (await documents.query(kindOf(kind), sql, parameters)).flatMap(document => recordOf(document) ?? []);
    },
  };
}

function question(where: Readonly<Record<string, Value>>): { sql: string; parameters: Record<string, Value> } {
  const asked = Object.entries(where);
  const conditions = asked.map(([name], at) => {
    // A name is part of the query's text.
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name)) throw refused('a field is letters, digits, - and _');
    return `c.record["${name}"] = @value${at}`;
  });
  return {
    sql: `SELECT TOP ${mostFound} c.record FROM c WHERE ${['IS_DEFINED(c.record)', ...conditions].join(' AND ')}`,
    parameters: Object.fromEntries(asked.map(([, value], at) => [`value${at}`, value])),
  };
}
