import type { Clock } from '../clock.ts';
import { type AudioSource, createAudioSource } from './audio-source.ts';
import { type SpeechAddress, speechConfig } from './azure-config.ts';
import {
  CancellationReason,
  Connection,
  PhraseListGrammar,
  Recognizer,
  ResultReason,
  SpeechRecognizer,
} from './azure-sdk.ts';
import { withinMs } from './deadline.ts';
import type { Ears, EarsListener, EarsOptions, OpenEars } from './ears.ts';
import { createSpares, type Spares } from './spares.ts';
import { createUnrecognised } from './unrecognised.ts';

/**
 * Azure speech recognition. One recogniser per call at a time; when it is cancelled, stays mute or loses its socket, a
 * new one takes its place after a growing pause and hears again what had not been recognised. The SDK tells many
 * failures by silence, so every promise of its has a deadline here.
 */
interface Recogniser {
  recogniser: SpeechRecognizer;
  connection: Connection;
  source: AudioSource;
  disconnected: boolean;
}

const ticksPerMs = 10_000;
const pausesMs = [100, 300, 1000, 3000] as const;
const connectWithinMs = 5000;
const closeWithinMs = 1000;
const muteAfterMs = 3000;
const reconnectWithinMs = 300;

export interface AzureEars {
  open: OpenEars;
  close(): void;
}

export function createAzureEars(
  address: SpeechAddress,
  clock: Clock,
  random: () => number = Math.random,
  spareCount = 1,
): AzureEars {
  Recognizer.enableTelemetry(false);
  const pools = new Map<string, Spares<Recogniser>>();

  const poolOf = (language: string): Spares<Recogniser> => {
    const pool =
      pools.get(language) ??
      createSpares<Recogniser>({
        make: () => make(address, language),
        warm: spare => connect(spare, clock),
        alive: spare => !spare.disconnected,
        discard: spare => discard(spare, clock),
        count: spareCount,
        now: clock.now,
      });
    pools.set(language, pool);
    return pool;
  };

  return {
    open: (options, listener) => openEars(poolOf(options.language), options, listener, clock, random),
    close: () => {
      for (const pool of pools.values()) pool.close();
      pools.clear();
    },
  };
}

async function make(address: SpeechAddress, language: string): Promise<Recogniser> {
  const config = await speechConfig(address);
  config.speechRecognitionLanguage = language;
  const source = createAudioSource();
  const recogniser = new SpeechRecognizer(config, source.config);
  const connection = Connection.fromRecognizer(recogniser);
  const made: Recogniser = { recogniser, connection, source, disconnected: false };
  connection.disconnected = () => {
    made.disconnected = true;
  };
  return made;
}

const connect = ({ connection }: Recogniser, clock: Clock): Promise<void> =>
  withinMs(clock, connectWithinMs, (done, failed) => connection.openConnection(done, failed));

/** close() alone hangs while a turn is open and the server is silent: the connection goes first, and is not waited for long. */
function discard({ recogniser, connection, source }: Recogniser, clock: Clock): void {
  source.close();
  const closing = withinMs(clock, closeWithinMs, (done, failed) => connection.closeConnection(done, failed));
  const close = () => recogniser.close();
  closing.then(close, close);
}

function openEars(
  pool: Spares<Recogniser>,
  options: EarsOptions,
  listener: EarsListener,
  clock: Clock,
  random: () => number,
): Ears {
  const unheard = createUnrecognised();
  let current: Recogniser | undefined;
  let baseMs = 0;
  let failures = 0;
  let closed = false;
  let replacing = false;
  let forgetWatch: () => void = () => undefined;
  let lastMessageAt = 0;

  const start = async () => {
    const next = await pool.take();
    if (closed) return discard(next, clock);
    if (options.phrases.length > 0) PhraseListGrammar.fromRecognizer(next.recogniser).addPhrases([...options.phrases]);
    current = next;
    replacing = false;
    baseMs = unheard.startMs();
    attend(next);
    for (const pcm of unheard.all()) next.source.write(pcm.slice(0));
    next.recogniser.startContinuousRecognitionAsync(undefined, reason => fail(next, reason));
    watch(next);
  };

  const words = (result: { text: string; offset: number; duration: number }) => ({
    text: result.text ?? '',
    offsetMs: baseMs + Math.round(result.offset / ticksPerMs),
    durationMs: Math.round(result.duration / ticksPerMs),
  });

  const attend = (mine: Recogniser) => {
    const { recogniser, connection } = mine;
    const ours = () => current === mine && !closed;
    connection.messageReceived = () => {
      if (!ours()) return;
      if (lastMessageAt === 0) listener.listening();
      lastMessageAt = clock.now();
    };
    // The SDK bridges a blip within milliseconds; a socket that stays away is our turn.
    connection.connected = () => {
      mine.disconnected = false;
    };
    connection.disconnected = () => {
      mine.disconnected = true;
      clock.after(reconnectWithinMs, () => {
        if (mine.disconnected) fail(mine, 'connection');
      });
    };
    recogniser.recognizing = (_, event) => {
      if (ours()) listener.partial(words(event.result));
    };
    recogniser.recognized = (_, event) => {
      if (!ours()) return;
      failures = 0;
      const said = words(event.result);
      unheard.recognisedUpTo(said.offsetMs + said.durationMs);
      if (event.result.reason === ResultReason.RecognizedSpeech && said.text !== '') listener.final(said);
      else listener.noMatch();
    };
    recogniser.canceled = (_, event) => {
      if (event.reason !== CancellationReason.EndOfStream) fail(mine, event.errorDetails ?? '');
    };
  };

  /** Sound is going out and nothing comes back: the SDK's receive loop can die without a word. */
  const watch = (mine: Recogniser) => {
    lastMessageAt = 0;
    const since = clock.now();
    const look = () => {
      if (current !== mine || closed) return;
      if (lastMessageAt === 0 && unheard.totalMs() > baseMs && clock.now() - since >= muteAfterMs) fail(mine, 'mute');
      else forgetWatch = clock.after(muteAfterMs, look);
    };
    forgetWatch = clock.after(muteAfterMs, look);
  };

  const fail = (mine: Recogniser, details: string) => {
    if (current !== mine || closed || replacing) return;
    replacing = true;
    current = undefined;
    forgetWatch();
    discard(mine, clock);
    retry(details);
  };

  const retry = (details: string) => {
    const pause = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 3000;
    failures++;
    if (failures > 1) listener.lost(codeOf(details));
    clock.after(Math.round(pause * (0.7 + 0.6 * random())), () => {
      if (!closed) start().catch((error: unknown) => retry(String(error)));
    });
  };

  start().catch((error: unknown) => retry(String(error)));
  return {
    hear: pcm => {
      if (closed) return;
      unheard.add(pcm);
      current?.source.write(pcm);
    },
    close: async () => {
      if (closed) return;
      closed = true;
      forgetWatch();
      if (current) discard(current, clock);
      current = undefined;
    },
  };
}

/** The SDK tells an HTTP status only inside a sentence. */
function codeOf(details: string): string {
  return /\b(401|403|404|429|5\d\d)\b/.exec(details)?.[1] ?? (details === 'mute' ? 'mute' : 'connection');
}
