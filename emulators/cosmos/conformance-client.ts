import { type Container, type ContainerRequest, CosmosClient, type CosmosClientOptions } from '@azure/cosmos';
import { type Cosmos, type CosmosOptions, startCosmos } from './cosmos.ts';

/** A stand-in with the real client connected to it, closed together by `await using`. */
export type Connected = AsyncDisposable & {
  cosmos: Cosmos;
  client: CosmosClient;
  /** Makes a container of its own in the database `voice`. */
  container(settings?: Partial<ContainerRequest>): Promise<Container>;
};

/** Starts a stand-in on a free port and connects the unchanged client with endpoint discovery on. */
export async function connect(
  options: CosmosOptions = {},
  clientOptions: Partial<CosmosClientOptions> = {},
): Promise<Connected> {
  const cosmos = await startCosmos(options);
  const client = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key, ...clientOptions });
  let made = 0;
  return {
    cosmos,
    client,
    async container(settings = {}) {
      const { database } = await client.databases.createIfNotExists({ id: 'voice' });
      const id = `container-${++made}`;
      const { container } = await database.containers.createIfNotExists({ id, partitionKey: '/pk', ...settings });
      return container;
    },
    async [Symbol.asyncDispose]() {
      client.dispose();
      await cosmos.close();
    },
  };
}

/** Status and substatus of the error a client call ends in; fails when it does not end in one. */
export async function failure(call: Promise<unknown>): Promise<{ code: unknown; substatus?: number; message: string }> {
  try {
    await call;
  } catch (error) {
    return error as { code: unknown; substatus?: number; message: string };
  }
  throw new Error('The call was expected to fail, but it went well.');
}
