import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import type { SpeechAddress } from './azure-config.ts';
import { connectRecogniser, discardRecogniser, makeRecogniser, type Recogniser } from './azure-recogniser.ts';
import { CancellationReason, PhraseListGrammar, Recognizer, ResultReason } from './azure-sdk.ts';
import { createDeafness } from './deafness.ts';
import type { Ears, EarsListener, EarsOptions, OpenEars } from './ears.ts';
import { createRoutes, type Routes } from './routes.ts';
import { createSpares, type PoolGauge, type Spares } from './spares.ts';
import { createUnrecognised } from './unrecognised.ts';

/**
 * Azure speech recognition. One recogniser per call at a time; when it is cancelled, stays mute, owes a result or loses
 * its socket, a new one takes its place after a growing pause, elsewhere when it failed here twice, and hears again what
 * had not been recognised. The SDK tells many failures by silence, so each has a deadline here.
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

const ticksPerMs = 10_000;
const pausesMs = [100, 300, 1000, 1000, 3000] as const;
/** Of a hundred calls that lose their service together, each tries again a little later than the one before. */
const betweenRetriesMs = 10;
const takeWithinMs = 6000;
/** Shorter than the patience after which a call is told that it is deaf: it should be told why. */
const waitForFreeMs = 1000;
const muteAfterMs = 3000;
const reconnectWithinMs = 300;
const lookEveryMs = 250;

export function createAzureEars(
  addresses: readonly SpeechAddress[],
  clock: Clock,
  { random = Math.random, spares = 1, most = 200, processingTimeoutMs = 30_000 }: AzureEarsOptions = {},
): AzureEars {
  Recognizer.enableTelemetry(false);
  const pools = new Map<string, { route: number; language: string; pool: Spares<Recogniser> }>();
  let lastLanguage = 'en-US';
  let retryAt = 0;

  const poolOf = (route: number, language: string): Spares<Recogniser> => {
    const known = pools.get(`${route} ${language}`);
    if (known) return known.pool;
    const address = addresses[route];
    if (!address) throw new Error(`There is no address ${route} of the Speech service.`);
    lastLanguage = language;
    const pool = createSpares<Recogniser>({
      what: 'recogniser',
      make: () => makeRecogniser(address, language),
      warm: spare => connectRecogniser(spare, clock),
      alive: spare => !spare.disconnected,
      discard: spare => discardRecogniser(spare, clock),
      count: () => (routes.choose() === route ? spares : 0),
      most,
      waitMs: waitForFreeMs,
      clock,
    });
    pools.set(`${route} ${language}`, { route, language, pool });
    return pool;
  };
  const routes = createRoutes({
    count: addresses.length,
    probe: route => poolOf(route, lastLanguage).probe(),
    clock,
    random,
  });

  const pauseMs = (failures: number) => {
    const pause = (pausesMs[Math.min(failures, pausesMs.length) - 1] ?? 100) * (0.7 + 0.6 * random());
    retryAt = Math.max(clock.now() + Math.round(pause), retryAt + betweenRetriesMs);
    return retryAt - clock.now();
  };

  return {
    open: (options, listener) =>
      openEars(options, listener, {
        routes,
        poolOf,
        pauseMs,
        clock,
        processingTimeoutMs,
        elsewhere: addresses.length > 1,
      }),
    prewarm: language => void poolOf(routes.choose(), language),
    gauges: () =>
      [...pools.values()].map(({ route, language, pool }) => ({ what: 'recogniser', route, language, ...pool.gauge })),
    close: () => {
      routes.close();
      for (const { pool } of pools.values()) pool.close();
      pools.clear();
    },
  };
}

interface Surroundings {
  routes: Routes;
  poolOf(route: number, language: string): Spares<Recogniser>;
  /** Before the try that follows so many failures. */
  pauseMs(failures: number): number;
  clock: Clock;
  processingTimeoutMs: number;
  /** There is another address. */
  elsewhere: boolean;
}

/** A recogniser at work in this call. */
interface Hearing {
  recogniser: Recogniser;
  route: number;
  pool: Spares<Recogniser>;
  /** Where its sound begins in the call's. */
  baseMs: number;
  /** Epoch ms; 0 while there was none. */
  firstSoundAt: number;
  firstMessageAt: number;
  /** Since when it has been known to have heard something that it has not told to its end. */
  owesSince: number;
}

function openEars(options: EarsOptions, listener: EarsListener, around: Surroundings): Ears {
  const { routes, poolOf, pauseMs, clock, processingTimeoutMs, elsewhere } = around;
  const unheard = createUnrecognised();
  const deafness = createDeafness({ lost: listener.lost, again: listener.again });
  let current: Hearing | undefined;
  let attempt = 0;
  /** In a row, without a phrase between. */
  let failures = 0;
  let avoid: number | undefined;
  /** End of the last phrase told; what ends before it has been told. */
  let toldUpToMs = 0;
  let closed = false;
  let forgetLook: () => void = () => undefined;
  let forgetStart: () => void = () => undefined;

  const start = () => {
    const mine = ++attempt;
    const route = routes.choose(avoid);
    const pool = poolOf(route, options.language);
    forgetStart = clock.after(takeWithinMs, () => startFailed(mine, route, new Error('No recogniser could be made.')));
    pool.take().then(
      recogniser => {
        if (mine !== attempt || closed) return pool.retire(recogniser);
        forgetStart();
        begin({ recogniser, route, pool, baseMs: 0, firstSoundAt: 0, firstMessageAt: 0, owesSince: 0 });
      },
      (error: unknown) => startFailed(mine, route, error),
    );
  };

  const startFailed = (mine: number, route: number, error: unknown) => {
    if (mine !== attempt || closed) return;
    attempt++;
    forgetStart();
    const exhausted = error instanceof CallError && error.code === 'SPEECH_POOL_EXHAUSTED';
    if (!exhausted) routes.failed(route);
    retry(route, exhausted ? error.code : codeOf(String(error)));
  };

  const begin = (mine: Hearing) => {
    const { recogniser, source } = mine.recogniser;
    if (options.phrases.length > 0) PhraseListGrammar.fromRecognizer(recogniser).addPhrases([...options.phrases]);
    current = mine;
    mine.baseMs = unheard.startMs();
    attend(mine);
    for (const pcm of unheard.all()) source.write(pcm.slice(0));
    if (unheard.totalMs() > mine.baseMs) mine.firstSoundAt = clock.now();
    mine.recogniser.atWork = true;
    recogniser.startContinuousRecognitionAsync(undefined, reason => fail(mine, reason));
  };

  const attend = (mine: Hearing) => {
    const { recogniser, connection } = mine.recogniser;
    const ours = () => current === mine && !closed;
    const owes = () => {
      if (ours()) mine.owesSince = clock.now();
    };
    const words = (result: { text: string; offset: number; duration: number }) => ({
      text: result.text ?? '',
      offsetMs: mine.baseMs + Math.round(result.offset / ticksPerMs),
      durationMs: Math.round(result.duration / ticksPerMs),
    });
    connection.messageReceived = () => {
      if (!ours() || mine.firstMessageAt !== 0) return;
      mine.firstMessageAt = clock.now();
      routes.worked(mine.route);
      if (deafness.listening()) listener.listening();
    };
    // The SDK bridges a blip within milliseconds; a socket that stays away is our turn.
    connection.connected = () => {
      mine.recogniser.disconnected = false;
    };
    connection.disconnected = () => {
      mine.recogniser.disconnected = true;
      clock.after(reconnectWithinMs, () => {
        if (mine.recogniser.disconnected) fail(mine, 'connection');
      });
    };
    recogniser.speechStartDetected = owes;
    recogniser.recognizing = (_, event) => {
      owes();
      const partial = words(event.result);
      // A service that hears again what it had told says it again.
      if (ours() && partial.offsetMs + partial.durationMs > toldUpToMs) listener.partial(partial);
    };
    recogniser.recognized = (_, event) => {
      if (!ours()) return;
      failures = 0;
      avoid = undefined;
      mine.owesSince = 0;
      const said = words(event.result);
      const end = said.offsetMs + said.durationMs;
      unheard.recognisedUpTo(end);
      if (event.result.reason !== ResultReason.RecognizedSpeech || said.text === '') return listener.noMatch();
      if (end <= toldUpToMs && said.durationMs > 0) return;
      toldUpToMs = end;
      listener.final(said);
    };
    recogniser.canceled = (_, event) => {
      if (event.reason === CancellationReason.EndOfStream) return;
      mine.recogniser.atWork = false;
      fail(mine, event.errorDetails ?? '');
    };
  };

  /** Sound goes out and nothing comes back: the SDK's receive loop can die without a word. */
  const look = () => {
    const now = clock.now();
    const mine = current;
    const idle = mine !== undefined && mine.firstSoundAt === 0;
    if (!idle) deafness.look(now);
    if (mine && mine.firstMessageAt === 0 && mine.firstSoundAt > 0 && now - mine.firstSoundAt >= muteAfterMs)
      fail(mine, 'mute');
    else if (mine && mine.owesSince > 0 && now - mine.owesSince >= processingTimeoutMs) fail(mine, 'overdue');
    forgetLook = clock.after(lookEveryMs, look);
  };

  const fail = (mine: Hearing, details: string) => {
    if (current !== mine || closed) return;
    current = undefined;
    mine.pool.retire(mine.recogniser);
    // One that has served and dies says nothing yet about its address.
    if (mine.firstMessageAt === 0) routes.failed(mine.route);
    retry(mine.route, codeOf(details));
  };

  const retry = (route: number, code: string) => {
    failures++;
    // Twice in a row, or no room: this call goes elsewhere, whatever the others find.
    avoid = failures >= 2 || code === '429' ? route : undefined;
    deafness.away(clock.now(), code);
    const pause = pauseMs(code === '429' && !elsewhere ? Math.max(3, failures) : failures);
    forgetStart = clock.after(pause, start);
  };

  look();
  start();
  return {
    hear: pcm => {
      if (closed) return;
      unheard.add(pcm);
      deafness.sound(clock);
      if (!current) return;
      if (current.firstSoundAt === 0) current.firstSoundAt = clock.now();
      current.recogniser.source.write(pcm);
    },
    renew: () => {
      if (!current || closed) return;
      const mine = current;
      current = undefined;
      mine.pool.retire(mine.recogniser);
      deafness.away(clock.now(), 'renewed');
      start();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      forgetLook();
      forgetStart();
      current?.pool.retire(current.recogniser);
      current = undefined;
    },
  };
}

/** The SDK tells an HTTP status only inside a sentence. */
function codeOf(details: string): string {
  return (
    /\b(401|403|404|429|5\d\d)\b/.exec(details)?.[1] ??
    (details === 'mute' || details === 'overdue' ? details : 'connection')
  );
}
