import { type ConnectionPolicy, CosmosClient, type JSONObject, type OperationInput } from '@azure/cosmos';
import type { RecordDocuments } from '../agents/tool-data.ts';
import { type CallEvent, parseCallEvent } from '../contracts/call-event.ts';
import { factsId, storedFacts } from '../contracts/call-facts.ts';
import type { CallRecord } from '../contracts/call-record.ts';
import { type CallerMemory, callerMemory, callerMemoryId, callerPartition } from '../contracts/caller-memory.ts';
import { CallError } from '../contracts/error.ts';
import type { Settings } from '../contracts/settings.ts';
import { credential } from './identity.ts';
import { type JournalStore, pageId, type StoredPages } from './journal/journal.ts';

/** What the media host needs of Cosmos DB: to append to a call's journal, and to read a call it was not told about. */
export interface Store extends JournalStore, StoredPages {
  /** The call's document as the control plane wrote it, or undefined. */
  call(callId: string): Promise<KnownCall | undefined>;
  /** The call's journal in order, as far as it was written. */
  events(callId: string): Promise<CallEvent[]>;
  /** What handlers of events have remembered of the call, or undefined. */
  facts(callId: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** What is remembered of a caller, or undefined. */
  caller(callerHash: string): Promise<CallerMemory | undefined>;
  /** Throws when the database cannot be reached. */
  ping(): Promise<void>;
}

export type KnownCall = Pick<CallRecord, 'state' | 'scenario' | 'entryAgent' | 'mode' | 'direction' | 'callerHash'>;

type CosmosSettings = Pick<Settings, 'COSMOS_ENDPOINT' | 'COSMOS_KEY' | 'COSMOS_DATABASE' | 'AZURE_CLIENT_ID'>;

const batchLimit = 100;
/** A store that does not answer is one that is away: the journal spools. */
const requestTimeoutMs = 5000;
/** A caller waits for it: one question with all that the client asks again, and each try of it. */
const lookUpMs = 3000;
const lookUpTryMs = 1500;

function connect(settings: CosmosSettings, connectionPolicy: ConnectionPolicy): CosmosClient {
  return new CosmosClient({
    endpoint: settings.COSMOS_ENDPOINT ?? '',
    ...(settings.COSMOS_KEY === undefined
      ? { aadCredentials: credential(settings.AZURE_CLIENT_ID) }
      : { key: settings.COSMOS_KEY }),
    connectionPolicy,
  });
}

/** The records of the business, to be read. Every question stays in the partition of its kind. */
export function createRecords(settings: CosmosSettings): RecordDocuments {
  const retryOptions = { maxRetryAttemptCount: 2, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 2 };
  const client = connect(settings, { requestTimeout: lookUpTryMs, retryOptions });
  const business = client.database(settings.COSMOS_DATABASE).container('business');
  return {
    read: (kind, id) =>
      lookingUp(async abortSignal => {
        const { resource, etag } = await business.item(id, kind).read<Record<string, unknown>>({ abortSignal });
        return resource && { fields: resource, etag };
      }),
    query: (kind, query, parameters) =>
      lookingUp(async abortSignal => {
        const named = Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value }));
        const found = business.items.query({ query, parameters: named }, { partitionKey: kind, abortSignal });
        return (await found.fetchAll()).resources;
      }),
  };
}

/** The client looks at the signal between some of its tries only, so nobody waits for it longer than that. */
async function lookingUp<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(lookUpMs);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([ask(signal), tooLate]);
  } catch (error) {
    const status = String((error as { code?: unknown } | null)?.code ?? 'no answer');
    throw new CallError('STORE_UNAVAILABLE', { operation: 'a look-up', status }, { cause: error });
  }
}

export function createStore(settings: CosmosSettings): Store {
  const client = connect(settings, { requestTimeout: requestTimeoutMs });
  const database = client.database(settings.COSMOS_DATABASE);
  const transcripts = database.container('transcripts');
  const calls = database.container('calls');
  const sessions = database.container('sessions');

  return {
    write: async (callId, documents) => {
      for (let from = 0; from < documents.length; from += batchLimit) {
        const operations: OperationInput[] = documents
          .slice(from, from + batchLimit)
          .map(document => ({ operationType: 'Upsert', resourceBody: document as unknown as JSONObject }));
        const { code } = await transcripts.items.batch(operations, callId);
        if (code !== undefined && code !== 200)
          throw new CallError('STORE_UNAVAILABLE', { operation: 'the journal', status: code });
      }
    },
    page: async (callId, number) => {
      const { resource } = await transcripts.item(pageId(number), callId).read<{ ev: unknown[] }>();
      return resource?.ev.map(parseCallEvent);
    },
    call: async callId => {
      const { resource } = await calls.item('call', callId).read<KnownCall>();
      if (!resource) return undefined;
      const { state, scenario, entryAgent, mode, direction, callerHash } = resource;
      return { state, ...(scenario !== undefined && { scenario }), entryAgent, mode, direction, callerHash };
    },
    events: async callId => {
      const { resources } = await transcripts.items
        .query<{ ev: unknown[] }>(
          { query: "SELECT c.ev FROM c WHERE c.type = 'eventPage'", parameters: [] },
          { partitionKey: callId },
        )
        .fetchAll();
      return resources.flatMap(page => page.ev.map(parseCallEvent)).sort((a, b) => a.seq - b.seq);
    },
    facts: async callId => {
      const { resource } = await calls.item(factsId, callId).read<{ facts?: unknown }>();
      return storedFacts.safeParse(resource).data?.facts;
    },
    caller: async callerHash => {
      const { resource } = await sessions.item(callerMemoryId, callerPartition(callerHash)).read();
      return resource === undefined ? undefined : callerMemory.parse(resource);
    },
    ping: async () => {
      await database.read();
    },
  };
}
