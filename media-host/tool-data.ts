import type { ToolData } from '../agents/tool.ts';
import { type RecordDocuments, recordsIn } from '../agents/tool-data.ts';
import type { Settings } from '../contracts/settings.ts';

/**
 * The records of the business as look-ups read them, in the turn thread. The database's client is loaded once the thread
 * is up: nobody can ask before the first caller has spoken.
 */
type DatabaseSettings = Pick<
  Settings,
  'COSMOS_ENDPOINT' | 'COSMOS_KEY' | 'COSMOS_DATABASE' | 'AZURE_CLIENT_ID' | 'LOG_LEVEL'
>;

export function businessRecords(settings: DatabaseSettings): ToolData {
  const opened = Promise.withResolvers<RecordDocuments>();
  // Who asks hears of it; who never asks need not.
  opened.promise.catch(() => undefined);
  setImmediate(() => {
    import('./store.ts').then(({ createRecords }) => opened.resolve(createRecords(settings)), opened.reject);
  });
  return recordsIn({
    read: async (kind, id) => (await opened.promise).read(kind, id),
    query: async (kind, sql, parameters) => (await opened.promise).query(kind, sql, parameters),
  });
}
