import { isDeepStrictEqual } from 'node:util';
import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import type { Recogniser } from './azure-recogniser.ts';
import { CancellationReason, PhraseListGrammar, ResultReason } from './azure-sdk.ts';
import { createDeafness } from './deafness.ts';
import type { Ears, EarsListener, EarsOptions } from './ears.ts';
import type { Routes } from './routes.ts';
import type { Spares } from './spares.ts';
import { createUnrecognised } from './unrecognised.ts';

/**
 * The ears of one call. One recogniser at a time; when it is cancelled, stays mute, owes a result or loses its socket,
 * another takes its place after a growing pause, elsewhere when it failed here twice, and hears again what had not been
 * recognised. The SDK tells many failures by silence, so each has a deadline here.
 */
const ticksPerMs = 10_000;
const takeWithinMs = 6000;
const muteAfterMs = 3000;
const reconnectWithinMs = 300;
const lookEveryMs = 250;
/** The SDK keeps all sound since the last phrase; after so long without one it is given up with its recogniser. */
const freshenAfterMs = 300_000;

/** What a call's ears share with the others'. */
export interface Surroundings {
  routes: Routes;
  poolOf(route: number, language: string): Spares<Recogniser>;
  /** Before the try that follows so many failures. */
  pauseMs(failures: number): number;
  /** Until this call's turn among all that try again just now. */
  queueMs(): number;
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
  /** When it last showed that it hears something it has not told to its end; 0: it owes nothing. */
  owesSince: number;
  /** Since when it has kept all sound: from its first sound, or from the last phrase. */
  keepsSince: number;
}

export function openEars(options: EarsOptions, listener: EarsListener, around: Surroundings): Ears {
  const { routes, poolOf, pauseMs, queueMs, clock, processingTimeoutMs, elsewhere } = around;
  const unheard = createUnrecognised();
  const deafness = createDeafness({ lost: listener.lost, again: listener.again });
  let hears = options;
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
    const pool = poolOf(route, hears.language);
    forgetStart = clock.after(takeWithinMs, () => startFailed(mine, route, new Error('No recogniser could be made.')));
    pool.take().then(
      recogniser => {
        if (mine !== attempt || closed) return pool.retire(recogniser);
        forgetStart();
        begin({ recogniser, route, pool, baseMs: 0, firstSoundAt: 0, firstMessageAt: 0, owesSince: 0, keepsSince: 0 });
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
    if (hears.phrases.length > 0) PhraseListGrammar.fromRecognizer(recogniser).addPhrases([...hears.phrases]);
    current = mine;
    unheard.dropQuiet();
    mine.baseMs = unheard.startMs();
    attend(mine);
    for (const pcm of unheard.all()) source.write(pcm.slice(0));
    if (unheard.totalMs() > mine.baseMs) firstSound(mine);
    mine.recogniser.atWork = true;
    recogniser.startContinuousRecognitionAsync(undefined, reason => fail(mine, reason));
  };

  const firstSound = (mine: Hearing) => {
    mine.firstSoundAt = clock.now();
    mine.keepsSince = mine.firstSoundAt;
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
      mine.keepsSince = clock.now();
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
    else if (mine && mine.owesSince === 0 && mine.keepsSince > 0 && now - mine.keepsSince >= freshenAfterMs)
      replace(mine, 'old');
    forgetLook = clock.after(lookEveryMs, look);
  };

  const fail = (mine: Hearing, details: string) => {
    if (current !== mine || closed) return;
    current = undefined;
    mine.pool.retire(mine.recogniser);
    mine.recogniser.access.failed(details);
    // One that has served and dies says nothing yet about its address.
    if (mine.firstMessageAt === 0) routes.failed(mine.route);
    retry(mine.route, codeOf(details));
  };

  /** At once, and no failure of the service. */
  const replace = (mine: Hearing, code: string) => {
    current = undefined;
    mine.pool.retire(mine.recogniser);
    deafness.away(clock.now(), code);
    start();
  };

  const retry = (route: number, code: string) => {
    failures++;
    // Twice in a row, or no room: this call goes elsewhere, whatever the others find.
    avoid = failures >= 2 || code === '429' ? route : undefined;
    deafness.away(clock.now(), code);
    const pause = pauseMs(code === '429' && !elsewhere ? Math.max(3, failures) : failures);
    forgetStart = clock.after(pause, () => {
      forgetStart = clock.after(queueMs(), start);
    });
  };

  look();
  start();
  return {
    hear: pcm => {
      if (closed) return;
      unheard.add(pcm);
      deafness.sound(clock);
      if (!current) return;
      if (current.firstSoundAt === 0) firstSound(current);
      current.recogniser.source.write(pcm);
    },
    renew: () => {
      if (!current || closed) return;
      failures++;
      if (failures >= 2) avoid = current.route;
      replace(current, 'renewed');
    },
    relisten: next => {
      if (closed || isDeepStrictEqual(next, hears)) return;
      hears = next;
      if (current) return replace(current, 'relistens');
      forgetStart();
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
