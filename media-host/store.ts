import { CosmosClient, type JSONObject, type OperationInput } from '@azure/cosmos';
import { z } from 'zod';
import { type CallEvent, parseCallEvent } from '../contracts/call-event.ts';
import type { CallRecord } from '../contracts/call-record.ts';
import { CallError } from '../contracts/error.ts';
import type { Settings } from '../contracts/settings.ts';
import { credential } from './identity.ts';
import type { JournalStore } from './journal.ts';

/** What the media host needs of Cosmos DB: to append to a call's journal, and to read a call it was not told about. */
export interface Store extends JournalStore {
  /** The call's document as the control plane wrote it, or undefined. */
  call(callId: string): Promise<KnownCall | undefined>;
  /** The call's journal in order, as far as it was written. */
  events(callId: string): Promise<CallEvent[]>;
  /** What handlers of events have remembered of the call, or undefined. */
  facts(callId: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Throws when the database cannot be reached. */
  ping(): Promise<void>;
}

export type KnownCall = Pick<CallRecord, 'state' | 'entryAgent' | 'mode' | 'direction' | 'callerHash'>;

type CosmosSettings = Pick<Settings, 'COSMOS_ENDPOINT' | 'COSMOS_KEY' | 'COSMOS_DATABASE' | 'AZURE_CLIENT_ID'>;

/** As the handlers of events keep it. */
const memory = z.object({ facts: z.record(z.string(), z.string()) });
const batchLimit = 100;
/** A store that does not answer is one that is away: the journal spools. */
const requestTimeoutMs = 5000;

export function createStore(settings: CosmosSettings): Store {
  const client = new CosmosClient({
    endpoint: settings.COSMOS_ENDPOINT ?? '',
    ...(settings.COSMOS_KEY === undefined
      ? { aadCredentials: credential(settings.AZURE_CLIENT_ID) }
      : { key: settings.COSMOS_KEY }),
    connectionPolicy: { requestTimeout: requestTimeoutMs },
  });
  const database = client.database(settings.COSMOS_DATABASE);
  const transcripts = database.container('transcripts');
  const calls = database.container('calls');

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
    call: async callId => {
      const { resource } = await calls.item('call', callId).read<KnownCall>();
      if (!resource) return undefined;
      const { state, entryAgent, mode, direction, callerHash } = resource;
      return { state, entryAgent, mode, direction, callerHash };
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
      const { resource } = await calls.item('memory', callId).read<{ facts?: unknown }>();
      return memory.safeParse(resource).data?.facts;
    },
    ping: async () => {
      await database.read();
    },
  };
}
