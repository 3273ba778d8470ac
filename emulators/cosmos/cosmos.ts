import { createServer } from 'node:http';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';
import { type Charge, plausibleCharge } from './charge.ts';
import { type FaultSwitches, Faults } from './faults.ts';
import { CosmosService, type CosmosStats } from './service.ts';
import { Store } from './store/store.ts';

export type { FaultRule, FaultSwitches } from './faults.ts';
export type { CosmosStats } from './service.ts';

/** The key every Cosmos emulator accepts; public, so good for loopback only. */
export const WELL_KNOWN_KEY =
  'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==';

export type CosmosOptions = {
  /** @default 0, any free port */
  port?: number;
  /** Base64 master key. @default WELL_KNOWN_KEY */
  key?: string;
  /** Journal folder; left out, everything is in memory. */
  dir?: string;
  /** Also survive a power cut, at the price of a disk flush per write. @default false */
  fsync?: boolean;
  /** Now, in epoch ms: `_ts`, time to live and query dates follow it. @default Date.now */
  clock?: () => number;
  faults?: FaultSwitches;
  /** Request units per operation. @default plausibleCharge */
  charge?: Charge;
  log?: (line: string) => void;
};

/** A running stand-in. `setFaults` replaces all switches; `reset` forgets all data and faults. */
export type Cosmos = {
  url: string;
  port: number;
  key: string;
  stats(): CosmosStats;
  setFaults(switches: FaultSwitches): void;
  reset(): void;
  close(): Promise<void>;
};

/** Starts Azure Cosmos DB for NoSQL on loopback, for the unchanged `@azure/cosmos` with endpoint and key. */
export async function startCosmos(options: CosmosOptions = {}): Promise<Cosmos> {
  refuseProduction('Cosmos DB');
  const { port = 0, key = WELL_KNOWN_KEY, dir, fsync = false, clock = Date.now, charge = plausibleCharge } = options;
  const { log = () => undefined } = options;
  const store = new Store({ dir, fsync, log });
  const service = new CosmosService({ store, key, clock, charge, faults: new Faults(options.faults), log });
  const server = createServer((request, response) => {
    service.serve(request, response).catch((error: unknown) => {
      log(`cosmos: ${String(error)}`);
      response.destroy();
    });
  });
  // Longer than the SDK keeps idle sockets, so that the server never closes one the client is about to use.
  server.keepAliveTimeout = 120_000;
  try {
    const bound = await listenOnLoopback(server, port);
    service.url = `http://127.0.0.1:${bound}`;
    return {
      url: service.url,
      port: bound,
      key,
      stats: () => service.stats(),
      setFaults: switches => service.faults.set(switches),
      reset: () => service.reset(),
      close: async () => {
        service.stop();
        await closeServer(server);
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
