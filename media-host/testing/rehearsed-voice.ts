import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';
import { pause } from '../pause.ts';
import type { Voice } from '../speech/voice.ts';
import { createSampleJoiner } from '../speech/whole-samples.ts';
import type { Chance } from './chance.ts';
import { writeWord } from './coded-speech.ts';
import type { Made, WordBook } from './word-book.ts';

/**
 * Synthesis on the stage's clock: 15 characters a second, first sound after a while, the rest in bursts faster than it
 * is played, each word told before it sounds.
 */
export interface VoiceScript {
  /** From asking to the first sound, ms. @default 40 to 300 */
  firstMs?: readonly [number, number];
  /** What goes wrong with this text, asked for the `n`th time from 1. */
  fault?(text: string, n: number): VoiceFault | undefined;
}

export type VoiceFault =
  /** Before any sound. */
  | 'fails'
  /** After half of its sound. */
  | 'breaks-off'
  /** Gives up in silence after six seconds, as two attempts of the real one do. */
  | 'hangs'
  /** Says it is done, without a sound. */
  | 'silent'
  /** Its sound comes in chunks that end in the middle of a sample. */
  | 'odd-bytes';

const hangsMs = 6000;
const firstChunkMs = 200;

export interface RehearsedVoice extends Voice {
  readonly faults: readonly string[];
}

/** One voice, and text in it. */
const wellFormed = /^<speak [^<>]*><voice [^<>]*>(?:<prosody [^<>]*>[^<>]*<\/prosody>|[^<>]*)<\/voice><\/speak>$/u;

export function createRehearsedVoice(
  { firstMs = [40, 300], fault }: VoiceScript,
  { clock, chance, book }: { clock: Clock; chance: Chance; book: WordBook },
): RehearsedVoice {
  const faults: string[] = [];
  const asked = new Map<string, number>();

  return {
    faults,
    speak: async (ssml, listener, signal) => {
      const text = textOf(ssml);
      if (!wellFormed.test(ssml)) faults.push(`markup that nobody wrote: ${ssml}`);
      const n = (asked.get(text) ?? 0) + 1;
      asked.set(text, n);
      const wrong = fault?.(text, n);
      const made = book.utterance(text, clock.now(), voiceOf(ssml));
      const sound = wrong === 'silent' ? new Int16Array(0) : soundOf(made);
      const failure = () => new CallError('SPEECH_UNAVAILABLE', { doing: 'speaking', reason: 'scripted', ms: 0 });

      await pause(clock, wrong === 'hangs' ? hangsMs : chance.between(...firstMs), signal);
      if (signal.aborted) return { ms: 0 };
      if (wrong === 'fails' || wrong === 'hangs') throw failure();

      const whole = wrong === 'odd-bytes' ? createSampleJoiner() : undefined;
      const until = wrong === 'breaks-off' ? (sound.length >> 6) << 5 : sound.length;
      let told = 0;
      for (let at = 0; at < until; ) {
        const to = Math.min(until, at + (at === 0 ? firstChunkMs : chance.between(20, 100) * 10) * 16);
        for (; told < made.words.length && (made.words[told]?.offsetMs ?? 0) * 16 < to; told++) {
          const { text: written, offsetMs, ms } = made.words[told]!;
          listener.word({ text: written.replace(edges, ''), offsetMs, durationMs: ms });
        }
        const chunk = sound.slice(at, to).buffer;
        if (whole) {
          const cut = chunk.byteLength > 1 ? chunk.byteLength - 1 : chunk.byteLength;
          for (const part of [chunk.slice(0, cut), chunk.slice(cut)]) listener.sound(whole(part));
        } else listener.sound(chunk);
        at = to;
        await pause(clock, chance.between(5, 60), signal);
        if (signal.aborted) return { ms: Math.round(at / 16) };
      }
      if (wrong === 'breaks-off') throw failure();
      return { ms: made.ms };
    },
    close: async () => undefined,
  };
}

/** What is no part of a word to a synthesiser. */
const edges = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

const voiceOf = (ssml: string): string => /<voice name="([^"]*)"/.exec(ssml)?.[1] ?? '';

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const textOf = (ssml: string): string =>
  ssml.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => signs[name] ?? '');

function soundOf({ words, ms }: Made): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(ms * 16);
  let at = 0;
  for (const word of words) at = writeWord(pcm, at, word.number, word.ms);
  return pcm;
}
