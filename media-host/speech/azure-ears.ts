import type { Clock } from '../clock.ts';
import type { SpeechAddress } from './azure-config.ts';
import { openConnection } from './azure-connect.ts';
import { openEars } from './azure-hearing.ts';
import { discardRecogniser, makeRecogniser, type Recogniser } from './azure-recogniser.ts';
import { Recognizer } from './azure-sdk.ts';
import type { OpenEars } from './ears.ts';
import { createRoutes } from './routes.ts';
import { createSpares, type PoolGauge, type Spares } from './spares.ts';

/**
 * Azure speech recognition for all calls: pools of connected recognisers, for each language and address, and which
 * address is well.
 */
export interface AzureEars {
  open: OpenEars;
  /** Connects spares for a language ahead of its first call. */
  prewarm(language: string): void;
  gauges(): PoolGauge[];
  close(): void;
}

export interface AzureEarsOptions {
  random?: () => number;
  /** Connected recognisers that wait, for each language. */
  spares?: number;
  /** Recognisers in use at once, for each language. */
  most?: number;
  /** How long the end of a phrase may be owed. */
  processingTimeoutMs?: number;
}

const pausesMs = [100, 300, 1000, 1000, 3000] as const;
/** Of a hundred calls that lose their service together, each tries again a little later than the one before. */
const betweenRetriesMs = 10;
/** Shorter than the patience after which a call is told that it is deaf: it should be told why. */
const waitForFreeMs = 1000;

export function createAzureEars(
  addresses: readonly SpeechAddress[],
  clock: Clock,
  { random = Math.random, spares = 1, most = 200, processingTimeoutMs = 30_000 }: AzureEarsOptions = {},
): AzureEars {
  Recognizer.enableTelemetry(false);
  const pools = new Map<string, { route: number; language: string; pool: Spares<Recogniser>; droppedMs: number }>();
  let lastLanguage = 'en-US';
  let freeAt = 0;

  const poolOf = (route: number, language: string): Spares<Recogniser> => {
    const known = pools.get(`${route} ${language}`);
    if (known) return known.pool;
    const address = addresses[route];
    if (!address) throw new Error(`There is no address ${route} of the Speech service.`);
    lastLanguage = language;
    const pool = createSpares<Recogniser>({
      what: 'recogniser',
      make: () =>
        makeRecogniser(address, language, ms => {
          mine.droppedMs += ms;
        }),
      warm: spare => openConnection(spare, clock),
      alive: spare => !spare.disconnected,
      discard: spare => discardRecogniser(spare, clock),
      count: () => (routes.choose() === route ? spares : 0),
      most,
      waitMs: waitForFreeMs,
      clock,
    });
    const mine = { route, language, pool, droppedMs: 0 };
    pools.set(`${route} ${language}`, mine);
    return pool;
  };
  const routes = createRoutes({
    count: addresses.length,
    probe: route => poolOf(route, lastLanguage).probe(),
    clock,
    random,
  });

  const pauseMs = (failures: number) =>
    Math.round((pausesMs[Math.min(failures, pausesMs.length) - 1] ?? 100) * (0.7 + 0.6 * random()));

  const queueMs = () => {
    const now = clock.now();
    freeAt = Math.max(now, freeAt + betweenRetriesMs);
    return freeAt - now;
  };

  return {
    open: (options, listener) =>
      openEars(options, listener, {
        routes,
        poolOf,
        pauseMs,
        queueMs,
        clock,
        processingTimeoutMs,
        elsewhere: addresses.length > 1,
      }),
    prewarm: language => void poolOf(routes.choose(), language),
    gauges: () =>
      [...pools.values()].map(({ route, language, pool, droppedMs }) => ({
        ...{ what: 'recogniser', route, language },
        ...pool.gauge,
        droppedMs: Math.round(droppedMs),
      })),
    close: () => {
      routes.close();
      for (const { pool } of pools.values()) pool.close();
      pools.clear();
    },
  };
}
