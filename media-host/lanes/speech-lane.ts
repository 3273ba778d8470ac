import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import type { Ears, OpenEars } from '../speech/ears.ts';
import { speechMarkup } from '../speech/ssml.ts';
import type { Voice } from '../speech/voice.ts';
import { type Epochs, epochOf, type LaneModule, type Post } from './lane.ts';

/**
 * The speech lane: the ears and the voice of all calls. It never waits for the model. `call` numbers a call within the
 * process, `cell` is where its epoch stands in shared memory.
 */
export type ToSpeech =
  | { type: 'open'; call: number; cell: number; language: string; phrases: readonly string[] }
  | { type: 'sound'; call: number; pcm: ArrayBuffer }
  | {
      type: 'say';
      call: number;
      epoch: number;
      utterance: number;
      text: string;
      voice: string;
      rate?: string | undefined;
      language: string;
    }
  /** Everything older than `epoch` is to fall silent. */
  | { type: 'hush'; call: number; epoch: number }
  | { type: 'close'; call: number };

export type FromSpeech = { call: number } & (
  | { type: 'listening' }
  | { type: 'partial'; text: string; offsetMs: number; durationMs: number; atUs: number }
  | { type: 'final'; text: string; offsetMs: number; durationMs: number; atUs: number }
  | { type: 'no-match' }
  /** The utterance's first sound is there: monotonic µs of the request and of the sound. */
  | { type: 'sounding'; epoch: number; utterance: number; askedUs: number; firstByteUs: number }
  | { type: 'sound-out'; epoch: number; utterance: number; pcm: ArrayBuffer }
  | { type: 'word'; epoch: number; utterance: number; text: string; offsetMs: number; durationMs: number }
  /** The utterance is made to its end. */
  | { type: 'said'; epoch: number; utterance: number; ms: number }
  | { type: 'not-said'; epoch: number; utterance: number; code: string }
  | { type: 'deaf'; code: string }
);

export interface SpeechServices {
  openEars: OpenEars;
  voice: Voice;
  close(): Promise<void>;
}

interface Speaker {
  cell: number;
  ears: Ears;
  queue: Extract<ToSpeech, { type: 'say' }>[];
  speaking?: { epoch: number; abort: AbortController } | undefined;
}

/** An agent's reply is a handful of sentences; a queue longer than this is a fault, and the newest is refused. */
const longestQueue = 200;

export function speechLane(
  post: Post<FromSpeech>,
  epochs: Epochs,
  services: SpeechServices,
  clock: Clock,
): LaneModule<ToSpeech> {
  const speakers = new Map<number, Speaker>();

  const open = ({ call, cell, language, phrases }: Extract<ToSpeech, { type: 'open' }>) => {
    const ears = services.openEars(
      { language, phrases },
      {
        listening: () => post({ type: 'listening', call }),
        partial: words => post({ type: 'partial', call, ...words, atUs: clock.monotonicUs() }),
        final: words => post({ type: 'final', call, ...words, atUs: clock.monotonicUs() }),
        noMatch: () => post({ type: 'no-match', call }),
        lost: code => post({ type: 'deaf', call, code }),
      },
    );
    speakers.set(call, { cell, ears, queue: [] });
  };

  const next = async (speaker: Speaker): Promise<void> => {
    for (;;) {
      const job = speaker.queue.shift();
      if (!job || speaker.speaking) return;
      if (job.epoch >= epochOf(epochs, speaker.cell)) await utter(speaker, job);
    }
  };

  const utter = async (speaker: Speaker, job: Extract<ToSpeech, { type: 'say' }>) => {
    const { call, epoch, utterance } = job;
    const abort = new AbortController();
    speaker.speaking = { epoch, abort };
    const current = () => epoch >= epochOf(epochs, speaker.cell);
    const askedUs = clock.monotonicUs();
    let sounding = false;
    try {
      const made = await services.voice.speak(
        speechMarkup(job),
        {
          sound: pcm => {
            if (!sounding && current())
              post({ type: 'sounding', call, epoch, utterance, askedUs, firstByteUs: clock.monotonicUs() });
            sounding = true;
            if (current()) post({ type: 'sound-out', call, epoch, utterance, pcm }, [pcm]);
          },
          word: word => {
            if (current()) post({ type: 'word', call, epoch, utterance, ...word });
          },
        },
        abort.signal,
      );
      if (!abort.signal.aborted) post({ type: 'said', call, epoch, utterance, ms: made.ms });
    } catch (error) {
      post({
        type: 'not-said',
        call,
        epoch,
        utterance,
        code: error instanceof CallError ? error.code : 'SPEECH_UNAVAILABLE',
      });
    } finally {
      speaker.speaking = undefined;
    }
  };

  return {
    receive: message => {
      if (message.type === 'open') return open(message);
      const speaker = speakers.get(message.call);
      // A call that ended may still have messages under way.
      if (!speaker) return;
      switch (message.type) {
        case 'sound':
          return speaker.ears.hear(message.pcm);
        case 'say':
          if (speaker.queue.length >= longestQueue) {
            post({
              type: 'not-said',
              call: message.call,
              epoch: message.epoch,
              utterance: message.utterance,
              code: 'QUEUE_FULL',
            });
            return;
          }
          speaker.queue.push(message);
          if (!speaker.speaking) void next(speaker);
          return;
        case 'hush':
          speaker.queue = speaker.queue.filter(job => job.epoch >= message.epoch);
          if (speaker.speaking && speaker.speaking.epoch < message.epoch) speaker.speaking.abort.abort();
          return;
        case 'close':
          speakers.delete(message.call);
          speaker.queue = [];
          speaker.speaking?.abort.abort();
          void speaker.ears.close();
          return;
      }
    },
    close: async () => {
      for (const speaker of speakers.values()) {
        speaker.speaking?.abort.abort();
        await speaker.ears.close();
      }
      speakers.clear();
      await services.close();
    },
  };
}
