import { type Container, CosmosClient, type PatchRequestBody } from '@azure/cosmos';
import { z } from 'zod';
import { type CallEvent, parseCallEvent } from '../contracts/call-event.ts';
import type { CallLife } from '../contracts/call-life.ts';
import type { CallOpening, CallRecord } from '../contracts/call-record.ts';
import { CallError } from '../contracts/error.ts';
import { containerDefinitions } from './containers.ts';
import { azureIdentity } from './identity.ts';
import { isLoopback } from './loopback.ts';
import { type Circuit, newCircuit } from './resilience/circuit.ts';
import type { ControlSettings } from './settings.ts';

/**
 * The call document and the journal. Creating the document is the gate of a call: of all deliveries of one ring exactly
 * one creates it. `rev` grows with each write, and a late write of an older revision changes nothing.
 */
export interface Store {
  create(record: CallRecord): Promise<'created' | 'exists'>;
  read(callId: string): Promise<StoredCall | undefined>;
  /** Notes on the live document that the call is up. Does nothing when a later revision is there. */
  noteConnected(callId: string, life: CallLife, rev: number): Promise<void>;
  save(record: CallRecord): Promise<void>;
  journal(callId: string): Promise<Journal>;
  documents(container: 'calls' | 'sessions' | 'business'): Documents;
  /** @throws when the database cannot be read. */
  ready(): Promise<void>;
}

/**
 * Small documents beside the calls: what is known of media hosts, what effects have done. `calls` is read by analysts,
 * `sessions` by the programs alone.
 */
export interface Documents {
  read(pk: string, id: string): Promise<StoredDocument | undefined>;
  /**
   * Creates, or replaces what still has `etag`.
   * @returns its new etag, or undefined when somebody else was first and nothing is changed
   */
  write(document: NewDocument, etag?: string): Promise<string | undefined>;
  /** @param pk one partition; absent: all of them, which costs more */
  query(sql: string, parameters: Readonly<Record<string, string | number | boolean>>, pk?: string): Promise<unknown[]>;
}

/** `ttl` in seconds; -1: for good. */
export type NewDocument = { id: string; pk: string; type: string; ttl: number } & Readonly<Record<string, unknown>>;

export interface StoredDocument {
  fields: Readonly<Record<string, unknown>>;
  etag: string;
}

export interface Journal {
  events: CallEvent[];
  /** Lines that could not be understood and are left out. */
  unreadable: number;
}

const storedCall = z.looseObject({
  callId: z.string(),
  rev: z.number().int(),
  state: z.enum(['live', 'final']),
  direction: z.enum(['in', 'out']),
  startedAt: z.iso.datetime(),
  callerHash: z.string(),
  callerCountry: z.string().optional(),
  calleeId: z.string(),
  scenario: z.string().optional(),
  entryAgent: z.string(),
  mode: z.string(),
  ttl: z.number().int(),
  _etag: z.string().optional(),
});

export type StoredCall = z.infer<typeof storedCall>;

/** What was known as the call rang, taken back out of its document. */
export function openingOf(stored: StoredCall): CallOpening {
  const { callId, direction, startedAt, callerHash, callerCountry, calleeId, scenario, entryAgent, mode, ttl } = stored;
  return {
    callId,
    direction,
    startedAt: Date.parse(startedAt),
    callerHash,
    ...(callerCountry !== undefined && { callerCountry }),
    calleeId,
    ...(scenario !== undefined && { scenario }),
    entryAgent,
    mode,
    ttlSeconds: ttl,
  };
}

/** One request, and one operation with all its retries: the SDK alone would try a dead account for ten seconds. */
const requestMs = 2_000;
const operationMs = 3_000;

interface Options {
  abortSignal: AbortSignal;
}

/** The SDK looks at the signal between some of its attempts only, so nobody waits for it longer than that. */
function inTime<T>(work: Promise<T>, { abortSignal }: Options): Promise<T> {
  const tooLate = new Promise<never>((_, reject) => {
    abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error), { once: true });
  });
  return Promise.race([work, tooLate]);
}

/** @param circuit every question to the database goes through it */
export function openStore(settings: ControlSettings, circuit: Circuit = newCircuit('cosmos')): Store {
  const client = connect(settings);
  const database = client.database(settings.COSMOS_DATABASE);
  const calls = database.container('calls');
  const transcripts = database.container('transcripts');
  let preparing: Promise<void> | undefined;

  /** Runs one operation; on this machine the containers are made first, on Azure the deployment has made them. */
  const taking = <T>(operation: string, run: (options: Options) => Promise<T>): Promise<T> =>
    circuit.run(() => take(operation, run));

  async function take<T>(operation: string, run: (options: Options) => Promise<T>): Promise<T> {
    const options = { abortSignal: AbortSignal.timeout(operationMs) };
    try {
      if (isLoopback(settings.COSMOS_ENDPOINT)) {
        preparing ??= prepare(client, settings.COSMOS_DATABASE);
        await inTime(preparing, options);
      }
      return await inTime(run(options), options);
    } catch (error) {
      preparing = undefined;
      throw new CallError('STORE_UNAVAILABLE', { operation, status: statusOf(error) ?? 'no answer' }, { cause: error });
    }
  }

  return {
    create: record =>
      taking('create', async options => {
        try {
          await calls.items.create(record, options);
          return 'created';
        } catch (error) {
          if (statusOf(error) === 409) return 'exists';
          throw error;
        }
      }),

    read: callId => taking('read', options => readCall(calls, callId, options)),

    noteConnected: (callId, life, rev) =>
      taking('note-connected', async options => {
        try {
          await calls.item('call', callId).patch(connectedPatch(life, rev), options);
        } catch (error) {
          if (statusOf(error) !== 412) throw error;
        }
      }),

    save: record => taking('save', options => saveRecord(calls, record, options)),

    journal: callId =>
      taking('journal', async options => {
        const { resources } = await transcripts.items
          .query("SELECT c.ev FROM c WHERE c.type='eventPage'", { partitionKey: callId, ...options })
          .fetchAll();
        return readJournal(resources);
      }),

    documents: name => {
      const container = database.container(name);
      return {
        read: (pk, id) =>
          taking('read-document', async options => {
            const { resource, etag } = await container.item(id, pk).read<Record<string, unknown>>(options);
            return resource && { fields: resource, etag };
          }),
        write: (document, etag) => taking('write-document', options => written(container, document, etag, options)),
        query: (sql, parameters, pk) =>
          taking('query-documents', async options => {
            const named = Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value }));
            const where = pk === undefined ? options : { ...options, partitionKey: pk };
            return (await container.items.query({ query: sql, parameters: named }, where).fetchAll()).resources;
          }),
      };
    },

    ready: () =>
      taking('ready', async options => {
        await database.read(options);
      }),
  };
}

function connect({ COSMOS_ENDPOINT: endpoint, COSMOS_KEY, AZURE_CLIENT_ID }: ControlSettings): CosmosClient {
  const connectionPolicy = {
    requestTimeout: requestMs,
    retryOptions: { maxRetryAttemptCount: 3, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 3 },
  };
  return COSMOS_KEY !== undefined
    ? new CosmosClient({ endpoint, key: COSMOS_KEY, connectionPolicy })
    : new CosmosClient({ endpoint, aadCredentials: azureIdentity(AZURE_CLIENT_ID), connectionPolicy });
}

async function prepare(client: CosmosClient, databaseId: string): Promise<void> {
  await madeOnce(() => client.databases.createIfNotExists({ id: databaseId }));
  const { containers } = client.database(databaseId);
  await Promise.all(containerDefinitions.map(each => madeOnce(() => containers.createIfNotExists(each))));
}

/** Two programs may make the same at the same moment; who comes second finds it made. */
async function madeOnce(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

async function readCall(calls: Container, callId: string, options: Options): Promise<StoredCall | undefined> {
  const { resource } = await calls.item('call', callId).read<Record<string, unknown>>(options);
  return resource === undefined ? undefined : storedCall.parse(resource);
}

async function written(
  container: Container,
  document: NewDocument,
  etag: string | undefined,
  options: Options,
): Promise<string | undefined> {
  try {
    if (etag === undefined) return (await container.items.create(document, options)).etag;
    const accessCondition = { type: 'IfMatch', condition: etag };
    const item = container.item(document.id, document.pk);
    return (await item.replace(document, { ...options, accessCondition })).etag;
  } catch (error) {
    if ([404, 409, 412].includes(Number(statusOf(error)))) return undefined;
    throw error;
  }
}

function connectedPatch(life: CallLife, rev: number): PatchRequestBody {
  const time = (at = 0): string => new Date(at).toISOString();
  return {
    condition: `from c where c.rev < ${rev}`,
    operations: [
      { op: 'set', path: '/rev', value: rev },
      { op: 'set', path: '/answered', value: true },
      { op: 'set', path: '/callConnectionId', value: life.callConnectionId },
      { op: 'set', path: '/answeredAt', value: time(life.answeredAt) },
      { op: 'set', path: '/connectedAt', value: time(life.connectedAt) },
    ],
  };
}

/** Replaces what is there unless that is newer; whoever writes between our reading and writing is read again. */
async function saveRecord(calls: Container, record: CallRecord, options: Options): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const stored = await readCall(calls, record.callId, options);
    if (stored && stored.rev > record.rev) return;
    try {
      if (!stored) await calls.items.create(record, options);
      else {
        const accessCondition = { type: 'IfMatch', condition: stored._etag ?? '*' };
        // What became of its e-mails is noted by others, and in no journal.
        const whole = stored['email'] === undefined ? record : { ...record, email: stored['email'] };
        await calls.item('call', record.callId).replace(whole, { ...options, accessCondition });
      }
      return;
    } catch (error) {
      const raced = [404, 409, 412].includes(Number(statusOf(error)));
      if (!raced || attempt === 3) throw error;
    }
  }
}

const page = z.object({ ev: z.array(z.unknown()) });

/** Pages may overlap when the media host wrote one again, so each number counts once. */
function readJournal(pages: readonly unknown[]): Journal {
  const events = new Map<number, CallEvent>();
  let unreadable = 0;
  for (const candidate of pages) {
    for (const line of page.safeParse(candidate).data?.ev ?? []) {
      try {
        const event = parseCallEvent(line);
        events.set(event.seq, event);
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error;
        unreadable += 1;
      }
    }
  }
  return { events: [...events.values()].sort((a, b) => a.seq - b.seq), unreadable };
}

/** HTTP status, or the name of a network error; an abort has a code of its own that means neither. */
function statusOf(error: unknown): number | string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return (typeof code === 'number' && code >= 100) || typeof code === 'string' ? code : undefined;
}
