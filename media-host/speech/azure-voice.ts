import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import { type SpeechAccess, type SpeechAddress, speechAccess } from './azure-config.ts';
import { openConnection } from './azure-connect.ts';
import { Connection, ResultReason, SpeechSynthesizer } from './azure-sdk.ts';
import { createRoutes } from './routes.ts';
import { createSpares, type PoolGauge } from './spares.ts';
import type { Voice, VoiceListener } from './voice.ts';
import { createSampleJoiner } from './whole-samples.ts';

/**
 * Azure speech synthesis. A synthesiser speaks one utterance at a time and is used again only after a clean end; one
 * that was cut and does not confirm within 250 ms is retired, since whether the service honours a stop is not promised.
 * An utterance that fails before its first sound is made again, at another address where there is one.
 */
interface Synthesiser {
  synthesiser: SpeechSynthesizer;
  access: SpeechAccess;
  connection: Connection;
}

export interface AzureVoice extends Voice {
  gauges(): PoolGauge[];
}

export interface AzureVoiceOptions {
  random?: () => number;
  /** Connected synthesisers that wait. */
  spares?: number;
  /** Synthesisers in use at once. */
  most?: number;
}

const ticksPerMs = 10_000;
const bytesPerMs = 32;
const silenceDeadlineMs = 3000;
const stopDeadlineMs = 250;
const tries = 2;

export function createAzureVoice(
  addresses: readonly SpeechAddress[],
  clock: Clock,
  { random = Math.random, spares = 2, most = 200 }: AzureVoiceOptions = {},
): AzureVoice {
  const routes = createRoutes({
    count: addresses.length,
    probe: async route => pools[route]?.probe(),
    clock,
    random,
  });
  const pools = addresses.map((address, route) =>
    createSpares<Synthesiser>({
      what: 'synthesiser',
      make: async () => {
        const access = await speechAccess(address);
        const synthesiser = new SpeechSynthesizer(access.config, null as never);
        return { synthesiser, access, connection: Connection.fromSynthesizer(synthesiser) };
      },
      warm: spare => openConnection(spare, clock),
      // A synthesiser whose socket the service closed opens a new one by itself, with the token it has.
      alive: ({ access }) => !access.refused,
      discard: ({ synthesiser }) => synthesiser.close(),
      count: () => (routes.choose() === route ? spares : 0),
      keep: most,
      most,
      maxIdleMs: 120_000,
      clock,
    }),
  );

  const speakOnce = async (
    route: number,
    ssml: string,
    listener: VoiceListener,
    signal: AbortSignal,
    session: number | undefined,
  ) => {
    const pool = pools[route];
    if (!pool) throw new Error(`There is no address ${route} of the Speech service.`);
    const mine = await pool.take(session);
    if (signal.aborted) {
      pool.give(mine, session);
      return { ms: 0 };
    }
    const spoken = await utter(mine, ssml, listener, signal, clock);
    if (spoken.reusable) pool.give(mine, session);
    else pool.retire(mine);
    if (spoken.failed !== undefined && !signal.aborted) {
      mine.access.failed(spoken.failed);
      routes.failed(route);
      throw new CallError('SPEECH_UNAVAILABLE', { doing: 'speaking', reason: spoken.failed, ms: spoken.ms });
    }
    if (!signal.aborted) routes.worked(route);
    return { ms: spoken.ms };
  };

  return {
    speak: async (ssml, listener, signal, session) => {
      let avoid: number | undefined;
      for (let attempt = 1; ; attempt++) {
        const route = routes.choose(avoid);
        try {
          return await speakOnce(route, ssml, listener, signal, session);
        } catch (error) {
          // Nothing was heard yet: another try costs the caller a moment and no repetition.
          const silent = error instanceof CallError && error.details['ms'] === 0;
          if (!silent || attempt === tries || signal.aborted) throw error;
          avoid = route;
        }
      }
    },
    gauges: () => pools.map((pool, route) => ({ what: 'synthesiser', route, ...pool.gauge })),
    close: async () => {
      routes.close();
      for (const pool of pools) pool.close();
    },
  };
}

interface Spoken {
  ms: number;
  failed?: string;
  reusable: boolean;
}

function utter(
  { synthesiser, connection }: Synthesiser,
  ssml: string,
  listener: VoiceListener,
  signal: AbortSignal,
  clock: Clock,
): Promise<Spoken> {
  return new Promise(resolve => {
    let bytes = 0;
    const wholeSamples = createSampleJoiner();
    let settled = false;
    let forgetDeadline = clock.after(silenceDeadlineMs, () => settle({ failed: 'no sound came', reusable: false }));

    const settle = (end: { failed?: string; reusable: boolean }) => {
      if (settled) return;
      settled = true;
      forgetDeadline();
      signal.removeEventListener('abort', stop);
      resolve({ ms: Math.round(bytes / bytesPerMs), ...end });
    };

    const stop = () => {
      forgetDeadline();
      forgetDeadline = clock.after(stopDeadlineMs, () => settle({ reusable: false }));
      connection.sendMessageAsync('synthesis.control', '{"action":"stop"}', undefined, () =>
        settle({ reusable: false }),
      );
    };

    synthesiser.synthesizing = (_, event) => {
      if (signal.aborted || settled) return;
      forgetDeadline();
      forgetDeadline = clock.after(silenceDeadlineMs, () => settle({ failed: 'the sound broke off', reusable: false }));
      const pcm = wholeSamples(event.result.audioData);
      bytes += pcm.byteLength;
      if (pcm.byteLength > 0) listener.sound(pcm);
    };
    synthesiser.wordBoundary = (_, event) => {
      if (signal.aborted || settled) return;
      listener.word({
        text: event.text,
        offsetMs: Math.round(event.audioOffset / ticksPerMs),
        durationMs: Math.round(event.duration / ticksPerMs),
      });
    };
    signal.addEventListener('abort', stop, { once: true });
    synthesiser.speakSsmlAsync(
      ssml,
      result =>
        settle(
          result.reason === ResultReason.SynthesizingAudioCompleted
            ? { reusable: true }
            : signal.aborted
              ? { reusable: false }
              : { failed: result.errorDetails || 'cancelled', reusable: false },
        ),
      reason => settle({ failed: reason, reusable: false }),
    );
  });
}
