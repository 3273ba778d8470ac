import type { Attention, VoiceDetector, VoiceWindow } from '../audio/voice-activity.ts';
import type { Clock } from '../clock.ts';
import type { Ears, OpenEars } from '../speech/ears.ts';
import type { FixedGauge, FixedSentences } from '../speech/fixed-sentences.ts';
import { createPlace } from '../speech/place.ts';
import type { PoolGauge } from '../speech/spares.ts';
import { createSpeaker, type Say, type Saying, type Speaker } from '../speech/speaker.ts';
import { speechMarkup } from '../speech/ssml.ts';
import type { Voice } from '../speech/voice.ts';
import { type Epochs, epochOf, type LaneModule, type Post } from './lane.ts';
import type { SoundMessage } from './sound-ring.ts';

/**
 * The speech lane: the ears and the voice of all calls. It never waits for the model. `call` numbers a call within the
 * process, from 1; `cell` is where its epoch stands in shared memory.
 */
export type ToSpeech =
  | { type: 'open'; call: number; cell: number; language: string; phrases: readonly string[] }
  | SoundMessage
  | ({ type: 'say'; call: number } & Say)
  /** Everything older than `epoch` is to fall silent. */
  | { type: 'hush'; call: number; epoch: number }
  /** Words are missing that were certainly said: the call's recogniser is replaced, and hears again what it owes. */
  | { type: 'renew'; call: number }
  /** The call is heard like this from now on; what was said and is not recognised yet is heard again. */
  | { type: 'relisten'; call: number; language: string; phrases: readonly string[] }
  /** How closely the caller's voice is to be watched; see audio/voice-activity.ts. */
  | { type: 'attend'; call: number; how: Attention }
  | { type: 'close'; call: number }
  /** Of no call: these sentences will be said as `fixed`, and this language be heard. */
  | { type: 'prepare'; voice: string; rate?: string | undefined; language: string; texts: readonly string[] };

export type FromSpeech = { call: number } & (
  | { type: 'listening' }
  | { type: 'partial'; text: string; offsetMs: number; durationMs: number; atUs: number }
  | { type: 'final'; text: string; offsetMs: number; durationMs: number; atUs: number }
  | { type: 'no-match' }
  /** A window of the caller's sound that is not quiet, or the first that is; `ms`: how much of it is new. */
  | { type: 'voice'; heard: VoiceWindow['heard']; rms: number; ms: number }
  | Saying
  /** Nothing has been heard for 1.5 s; trying goes on, no sound is lost. */
  | { type: 'deaf'; code: string }
  /** After `deaf`. What was said meanwhile follows. */
  | { type: 'hearing-again' }
  /** Every 5 s when something changed. It belongs to no call: `call` is 0. */
  | { type: 'pools'; pools: readonly PoolGauge[]; fixed?: FixedGauge }
  /** Once, before all else: what tells voices from other sound. It belongs to no call: `call` is 0. */
  | { type: 'watching'; detector: VoiceDetector['name'] }
);

export interface SpeechServices {
  openEars: OpenEars;
  voice: Voice;
  /** The same voice, keeping what it has made; absent: nothing is kept. */
  fixed?: FixedSentences;
  /** Connects ears for the language ahead. */
  prewarm?(language: string): void;
  pools?(): readonly PoolGauge[];
  close(): Promise<void>;
}

const poolsEveryMs = 5000;

export function speechLane(
  post: Post<FromSpeech>,
  epochs: Epochs,
  services: SpeechServices,
  clock: Clock,
): LaneModule<ToSpeech> {
  const calls = new Map<number, { ears: Ears; speaker: Speaker }>();
  const { voice, fixed } = services;

  /** The first sentence of a language should not pay for its tables. */
  const learn = (language: string) => void createPlace('x', language);

  const open = ({ call, cell, language, phrases }: Extract<ToSpeech, { type: 'open' }>) => {
    const ears = services.openEars(
      { language, phrases },
      {
        listening: () => post({ type: 'listening', call }),
        partial: words => post({ type: 'partial', call, ...words, atUs: clock.monotonicUs() }),
        final: words => post({ type: 'final', call, ...words, atUs: clock.monotonicUs() }),
        noMatch: () => post({ type: 'no-match', call }),
        lost: code => post({ type: 'deaf', call, code }),
        again: () => post({ type: 'hearing-again', call }),
      },
    );
    const speaker = createSpeaker({
      voice,
      fixedVoice: fixed ?? voice,
      clock,
      epoch: () => epochOf(epochs, cell),
      tell: (saying, transfer) => post({ ...saying, call }, transfer),
      session: call,
    });
    calls.set(call, { ears, speaker });
    learn(language);
  };

  const prepare = ({ voice: name, rate, language, texts }: Extract<ToSpeech, { type: 'prepare' }>) => {
    services.prewarm?.(language);
    learn(language);
    for (const written of texts) {
      const { spoken: text, pieces } = createPlace(written, language);
      // A very long one is made in pieces when it is said.
      if (pieces().length === 1) fixed?.prepare(speechMarkup({ text, voice: name, rate, language }));
    }
  };

  let toldPools = '';
  let forgetPools: (() => void) | undefined;
  const tellPools = () => {
    if (!services.pools) return;
    const pools = services.pools();
    const message = { type: 'pools' as const, call: 0, pools, ...(fixed && { fixed: fixed.gauge }) };
    const now = JSON.stringify(message);
    if (now !== toldPools) post(message);
    toldPools = now;
    forgetPools = clock.after(poolsEveryMs, tellPools);
  };
  tellPools();

  return {
    receive: message => {
      if (message.type === 'open') return open(message);
      if (message.type === 'prepare') return prepare(message);
      const of = calls.get(message.call);
      // A call that ended may still have messages under way.
      if (!of) return;
      switch (message.type) {
        case 'sound':
          return of.ears.hear(wholeBuffer(message.pcm));
        case 'say':
          return of.speaker.say(message);
        case 'hush':
          return of.speaker.hush(message.epoch);
        case 'renew':
          return of.ears.renew();
        case 'relisten':
          learn(message.language);
          return of.ears.relisten({ language: message.language, phrases: message.phrases });
        case 'close':
          calls.delete(message.call);
          of.speaker.close();
          void of.ears.close();
      }
    },
    close: async () => {
      forgetPools?.();
      for (const { ears, speaker } of calls.values()) {
        speaker.close();
        await ears.close();
      }
      calls.clear();
      await services.close();
    },
  };
}

/** Lent sound that is a part of something larger is copied. */
const wholeBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? buffer
    : new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
