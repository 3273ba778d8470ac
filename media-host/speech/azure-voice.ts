import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import { type SpeechAddress, speechConfig } from './azure-config.ts';
import { Connection, ResultReason, SpeechSynthesizer } from './azure-sdk.ts';
import { withinMs } from './deadline.ts';
import { createSpares } from './spares.ts';
import type { Voice, VoiceListener } from './voice.ts';

/**
 * Azure speech synthesis. A synthesiser speaks one utterance at a time and is used again only after a clean end; one
 * that was cut and does not confirm within 250 ms is retired, since whether the service honours a stop is not promised.
 */
interface Synthesiser {
  synthesiser: SpeechSynthesizer;
  connection: Connection;
}

const ticksPerMs = 10_000;
const bytesPerMs = 32;
const connectWithinMs = 5000;
const silenceDeadlineMs = 3000;
const stopDeadlineMs = 250;

export function createAzureVoice(address: SpeechAddress, clock: Clock, spareCount = 2): Voice {
  const spares = createSpares<Synthesiser>({
    make: async () => {
      const synthesiser = new SpeechSynthesizer(await speechConfig(address), null as never);
      return { synthesiser, connection: Connection.fromSynthesizer(synthesiser) };
    },
    warm: ({ connection }) =>
      withinMs(clock, connectWithinMs, (done, failed) => connection.openConnection(done, failed)),
    // A synthesiser whose socket the service closed opens a new one by itself.
    alive: () => true,
    discard: ({ synthesiser }) => synthesiser.close(),
    count: spareCount,
    maxIdleMs: 120_000,
    now: clock.now,
  });

  const speakOnce = async (ssml: string, listener: VoiceListener, signal: AbortSignal) => {
    const mine = await spares.take();
    if (signal.aborted) {
      spares.give(mine);
      return { ms: 0 };
    }
    const spoken = await utter(mine, ssml, listener, signal, clock);
    if (spoken.reusable) spares.give(mine);
    else mine.synthesiser.close();
    if (spoken.failed !== undefined && !signal.aborted) {
      throw new CallError('SPEECH_UNAVAILABLE', { doing: 'speaking', reason: spoken.failed, ms: spoken.ms });
    }
    return { ms: spoken.ms };
  };

  return {
    speak: async (ssml, listener, signal) => {
      try {
        return await speakOnce(ssml, listener, signal);
      } catch (error) {
        // Nothing was heard yet: a second try on a fresh connection costs the caller a moment and no repetition.
        if (error instanceof CallError && error.details['ms'] === 0 && !signal.aborted)
          return speakOnce(ssml, listener, signal);
        throw error;
      }
    },
    close: async () => spares.close(),
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
    let odd: number | undefined;
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
      const whole = wholeSamples(event.result.audioData, odd);
      odd = whole.odd;
      bytes += whole.pcm.byteLength;
      if (whole.pcm.byteLength > 0) listener.sound(whole.pcm);
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

/** A chunk may end in mid-sample; the odd byte belongs before the next chunk. */
function wholeSamples(chunk: ArrayBuffer, carried: number | undefined): { pcm: ArrayBuffer; odd?: number } {
  if (carried === undefined && chunk.byteLength % 2 === 0) return { pcm: chunk.slice(0) };
  const source = new Uint8Array(chunk);
  const joined = new Uint8Array(source.length + (carried === undefined ? 0 : 1));
  if (carried !== undefined) joined[0] = carried;
  joined.set(source, carried === undefined ? 0 : 1);
  if (joined.length % 2 === 0) return { pcm: joined.buffer };
  return { pcm: joined.slice(0, -1).buffer, odd: joined[joined.length - 1] as number };
}
