import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import { pause } from '../pause.ts';
import type { FixedSentences } from './fixed-sentences.ts';
import { createPlace } from './place.ts';
import { speechMarkup } from './ssml.ts';
import type { Voice } from './voice.ts';

/**
 * The voice of one call: its sentences, one after the other, never far ahead of the ear. What was made for an older
 * epoch is dropped. A sentence that breaks off in the middle is taken up again, once, at the word that was cut.
 */
export interface Speaker {
  say(job: Say): void;
  /** Everything older than `epoch` is to fall silent. */
  hush(epoch: number): void;
  close(): void;
}

export interface Say {
  epoch: number;
  utterance: number;
  text: string;
  voice: string;
  rate?: string | undefined;
  language: string;
  /** The same words are said in many calls: made once, kept. */
  fixed?: boolean | undefined;
  /** It follows what was said before, and waits for it even where it is kept. */
  behind?: boolean | undefined;
}

/** What becomes of a sentence. */
export type Saying = {
  epoch: number;
  utterance: number;
} /** The utterance's first sound is there: monotonic µs of the request and of the sound. */ & (
  | { type: 'sounding'; askedUs: number; firstByteUs: number }
  | { type: 'sound-out'; pcm: ArrayBuffer }
  /** `text` as it sounds; `upTo`: characters of the sentence, as it was given, that are said when this word has ended. */
  | { type: 'word'; text: string; offsetMs: number; durationMs: number; upTo: number }
  /** The utterance is made to its end. */
  | { type: 'said'; ms: number }
  | { type: 'not-said'; code: string }
);

export interface SpeakerOptions {
  voice: Voice;
  /** The same voice, keeping what it has made. */
  fixedVoice: Voice & Partial<Pick<FixedSentences, 'has'>>;
  clock: Clock;
  /** The call's epoch as it stands. */
  epoch(): number;
  tell(saying: Saying, transfer?: ArrayBuffer[]): void;
  /** Asks for the synthesiser that this call had before. */
  session: number;
  /**
   * Sound made and not yet played, in ms, above which the next sentence waits.
   * @default 20000
   */
  mostAheadMs?: number;
}

/** An agent's reply is a handful of sentences; a queue longer than this is a fault, and the newest is refused. */
const longestQueue = 200;
const bytesPerMs = 32;

export function createSpeaker(options: SpeakerOptions): Speaker {
  const { voice, fixedVoice, clock, epoch, tell, session, mostAheadMs = 20_000 } = options;
  let queue: Say[] = [];
  let speaking: { epoch: number; abort: AbortController; sounds: boolean } | undefined;
  /** When the sound made so far will have been played, were it played as it was made. */
  let playedAt = 0;

  /** Undefined: there is room. */
  const room = (signal: AbortSignal): Promise<void> | undefined => {
    const tooFarMs = playedAt - clock.now() - mostAheadMs;
    if (tooFarMs <= 0) return undefined;
    return pause(clock, tooFarMs, signal);
  };

  /** A sentence that is kept does not wait behind one that cannot be made now: nobody has heard of that one yet. */
  const overtakes = ({ epoch: from, text, voice: name, rate, language, fixed, behind }: Say): boolean => {
    if (!fixed || behind || !speaking || speaking.sounds || from < epoch()) return false;
    const { spoken } = createPlace(text, language);
    return fixedVoice.has?.(speechMarkup({ text: spoken, voice: name, rate, language })) ?? false;
  };

  const next = () => {
    if (speaking) return;
    while (queue[0] && queue[0].epoch < epoch()) queue.shift();
    const job = queue.shift();
    if (!job) return;
    const mine = { epoch: job.epoch, abort: new AbortController(), sounds: false };
    speaking = mine;
    void utter(job, mine).finally(() => {
      speaking = undefined;
      next();
    });
  };

  const utter = async (job: Say, mine: NonNullable<typeof speaking>) => {
    const { utterance } = job;
    const about = { epoch: job.epoch, utterance };
    const { signal } = mine.abort;
    const current = () => job.epoch >= epoch();
    const place = createPlace(job.text, job.language);
    const askedUs = clock.monotonicUs();
    let madeMs = 0;

    const say = (from: number, to: number) => {
      const base = madeMs;
      const { voice: name, rate, language, fixed } = job;
      const whole = fixed === true && from === 0 && to === place.spoken.length;
      return (whole ? fixedVoice : voice).speak(
        speechMarkup({ text: place.spoken.slice(from, to), voice: name, rate, language }),
        {
          sound: pcm => {
            if (!current()) return;
            if (madeMs === 0) tell({ ...about, type: 'sounding', askedUs, firstByteUs: clock.monotonicUs() });
            mine.sounds = true;
            const ms = pcm.byteLength / bytesPerMs;
            madeMs += ms;
            playedAt = Math.max(playedAt, clock.now()) + ms;
            tell({ ...about, type: 'sound-out', pcm }, [pcm]);
          },
          word: ({ text, offsetMs, durationMs }) => {
            const at = Math.round(base) + offsetMs;
            const upTo = place.reached(text, at, durationMs);
            if (current()) tell({ ...about, type: 'word', text, offsetMs: at, durationMs, upTo });
          },
        },
        signal,
        session,
      );
    };

    const sayPieces = async () => {
      for (const { from, to } of place.pieces()) {
        const full = room(signal);
        if (full) await full;
        if (signal.aborted) return;
        try {
          await say(from, to);
        } catch (error) {
          const cut = place.cutAt(madeMs, to);
          if (madeMs === 0 || cut === undefined || signal.aborted || !current()) throw error;
          await say(cut, to);
        }
      }
    };

    try {
      await sayPieces();
      if (!signal.aborted) tell({ ...about, type: 'said', ms: Math.round(madeMs) });
    } catch (error) {
      if (signal.aborted) return;
      tell({ ...about, type: 'not-said', code: error instanceof CallError ? error.code : 'SPEECH_UNAVAILABLE' });
    }
  };

  const cut = () => {
    // What was made and not played is cleared from the play-out, too.
    playedAt = 0;
    speaking?.abort.abort();
  };

  return {
    say: job => {
      if (queue.length >= longestQueue) {
        tell({ epoch: job.epoch, utterance: job.utterance, type: 'not-said', code: 'QUEUE_FULL' });
        return;
      }
      if (overtakes(job)) {
        void utter(job, { epoch: job.epoch, abort: new AbortController(), sounds: false });
        return;
      }
      queue.push(job);
      next();
    },
    hush: until => {
      queue = queue.filter(job => job.epoch >= until);
      if (!speaking) playedAt = 0;
      else if (speaking.epoch < until) cut();
    },
    close: () => {
      queue = [];
      cut();
    },
  };
}
