import { type ContainerDefinition, CosmosClient, ErrorResponse, type SqlParameter } from '@azure/cosmos';
import { DefaultAzureCredential } from '@azure/identity';

/** The database, wherever it is: the one file of the commands that knows Cosmos DB's client. Calls are read only. */
export interface RecordStore {
  /** @throws QueryError when Cosmos DB refuses the query. */
  query(container: string, sql: string, parameters?: Readonly<Record<string, string | number>>): Promise<unknown[]>;
  /** One document, or undefined when it is not there. */
  read(container: string, id: string, partition: string): Promise<Record<string, unknown> | undefined>;
  /** Makes the container, and its database, where there is none. */
  make(container: ContainerDefinition): Promise<void>;
  /** @returns false when a document of that id is there; it stays as it is */
  add(container: string, document: Readonly<Record<string, unknown>>): Promise<boolean>;
  close(): void;
}

export interface StoreAddress {
  endpoint: string;
  /** @default the identity of whoever runs this */
  key?: string | undefined;
  database: string;
}

/** What Cosmos DB says about a query it does not take, with the place in the query where it says so. */
export class QueryError extends Error {
  readonly position: number | undefined;

  constructor(message: string, position: number | undefined, options: { cause: unknown }) {
    super(message, options);
    this.position = position;
  }
}

export function openRecords({ endpoint, key, database }: StoreAddress): RecordStore {
  const client = new CosmosClient({
    endpoint,
    ...(key ? { key } : { aadCredentials: new DefaultAzureCredential() }),
    connectionPolicy: { enableBackgroundEndpointRefreshing: false, requestTimeout: 10_000 },
  });
  const containers = client.database(database);
  return {
    query: async (container, sql, parameters = {}) => {
      const given: SqlParameter[] = Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value }));
      try {
        return (await containers.container(container).items.query({ query: sql, parameters: given }).fetchAll())
          .resources;
      } catch (error) {
        throw refusal(error);
      }
    },
    read: async (container, id, partition) => {
      const { resource } = await containers.container(container).item(id, partition).read<Record<string, unknown>>();
      return resource;
    },
    make: async container => {
      await unlessThere(() => client.databases.createIfNotExists({ id: database }));
      await unlessThere(() => containers.containers.createIfNotExists(container));
    },
    add: (container, document) => unlessThere(() => containers.container(container).items.create(document)),
    close: () => client.dispose(),
  };
}

/** @returns false when somebody else has made it */
async function unlessThere(make: () => Promise<unknown>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (error instanceof ErrorResponse && error.code === 409) return false;
    throw error;
  }
}

/** Cosmos DB wraps its list of mistakes into a message of several lines: `Message: {"errors":[…]}`. */
function refusal(error: unknown): unknown {
  if (!(error instanceof ErrorResponse)) return error;
  if (error.code === 404) return new Error('There are no records yet: the first call makes them.', { cause: error });
  if (error.code !== 400) return error;
  const text = error.body?.message ?? error.message;
  const listed = /\{"errors":\[.*?\]\}/s.exec(text)?.[0];
  const first = listed ? firstMistake(listed) : undefined;
  return new QueryError(first?.message ?? text, first?.location?.start, { cause: error });
}

function firstMistake(listed: string): { message?: string; location?: { start?: number } } | undefined {
  try {
    return (JSON.parse(listed) as { errors: { message?: string; location?: { start?: number } }[] }).errors[0];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
