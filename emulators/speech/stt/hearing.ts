/**
 * From samples to what a recognizer says about them: speech begins, words so far, a phrase, no match. Time is the count of
 * samples received and nothing else, so the same audio gives the same answers at any speed and in any chunks.
 */
import { createEveryBandDecoder } from '../../tone/tone.ts';
import { createLoudness, HOP_MS } from './loudness.ts';

/** A recognised word; positions in samples of the turn. */
export interface HeardWord {
  text: string;
  startSample: number;
  endSample: number;
}

export type Hearing =
  | { type: 'speech-started'; at: number }
  | { type: 'speech-ended'; at: number }
  | { type: 'hypothesis'; words: readonly HeardWord[] }
  | { type: 'phrase'; words: readonly HeardWord[] }
  | { type: 'no-match'; why: 'NoMatch' | 'InitialSilenceTimeout'; start: number; end: number };

export interface Hearer {
  push(pcm: Int16Array): Hearing[];
  /** The audio is over: what is still open becomes a phrase now. */
  finish(): Hearing[];
  /** Samples heard so far. */
  readonly position: number;
}

/** Knows recorded speech by its sound, beside the tone code. */
export interface SoundEar {
  /** Hears the next hop and returns the words that ended in it. */
  push(hop: Int16Array, loud: boolean): HeardWord[];
  /** While a known recording goes on, its pauses do not end the phrase: sample up to which it holds. */
  holdsUntil(): number;
  /** The phrase is over: the next sound starts afresh. */
  phraseOver(): void;
}

export interface HearingRules {
  sampleRate: number;
  segmentationSilenceMs: number;
  /** 0 = silence alone never gives an answer. */
  initialSilenceMs: number;
  longestPhraseMs: number;
  hypothesisEveryMs: number;
  unknownSpeech: 'no-match' | { text: string };
  ear?: SoundEar;
}

/** Less sound than this is a click, and no answer; more without words is a NoMatch. */
const LEAST_SPEECH_MS = 150;
const ONSET_MS = 60;

interface Stretch {
  start: number;
  lastLoud: number;
  loudHops: number;
  words: HeardWord[];
  announced: boolean;
}

export function createHearer(rules: HearingRules): Hearer {
  const samples = (ms: number): number => Math.round((ms * rules.sampleRate) / 1000);
  const hop = new Int16Array(samples(HOP_MS));
  const tones = createEveryBandDecoder(rules);
  const isLoud = createLoudness();
  let inHop = 0;
  let position = 0;
  let stretch: Stretch | undefined;
  let quietSince = 0;
  let toldWords = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  function hearHop(out: Hearing[]): void {
    const hopStart = position - hop.length;
    const loud = isLoud(hop);
    const words = [...tones.push(hop), ...(rules.ear?.push(hop, loud) ?? [])];
    if (loud || words.length > 0) {
      stretch ??= {
        start: words[0]?.startSample ?? hopStart,
        lastLoud: position,
        loudHops: 0,
        words: [],
        announced: false,
      };
      for (const word of words) insert(stretch.words, word);
      stretch.loudHops += loud ? 1 : 0;
      if (loud) stretch.lastLoud = position;
    }
    if (!stretch) {
      const patience = samples(rules.initialSilenceMs);
      if (patience > 0 && position - quietSince >= patience) giveUp(out, 'InitialSilenceTimeout', quietSince, position);
      return;
    }
    if (!stretch.announced && (stretch.loudHops * HOP_MS >= ONSET_MS || stretch.words.length > 0)) {
      stretch.announced = true;
      out.push({ type: 'speech-started', at: stretch.start });
    }
    if (stretch.words.length > toldWords && position - toldAt >= samples(rules.hypothesisEveryMs)) {
      toldWords = stretch.words.length;
      toldAt = position;
      out.push({ type: 'hypothesis', words: [...stretch.words] });
    }
    const silent = position - Math.max(stretch.lastLoud, rules.ear?.holdsUntil() ?? 0);
    if (silent >= samples(rules.segmentationSilenceMs) || position - stretch.start >= samples(rules.longestPhraseMs)) {
      endStretch(out);
    }
  }

  function endStretch(out: Hearing[]): void {
    if (!stretch) return;
    const { start, lastLoud, words, announced, loudHops } = stretch;
    stretch = undefined;
    toldWords = 0;
    toldAt = Number.NEGATIVE_INFINITY;
    quietSince = position;
    rules.ear?.phraseOver();
    if (announced) out.push({ type: 'speech-ended', at: lastLoud });
    if (words.length > 0) {
      out.push({ type: 'phrase', words });
    } else if (loudHops * HOP_MS >= LEAST_SPEECH_MS) {
      if (rules.unknownSpeech === 'no-match') out.push({ type: 'no-match', why: 'NoMatch', start, end: lastLoud });
      else out.push({ type: 'phrase', words: spread(rules.unknownSpeech.text, start, lastLoud) });
    }
  }

  function giveUp(out: Hearing[], why: 'InitialSilenceTimeout', start: number, end: number): void {
    quietSince = end;
    out.push({ type: 'speech-ended', at: end }, { type: 'no-match', why, start, end });
  }

  return {
    get position() {
      return position;
    },
    push(pcm) {
      const out: Hearing[] = [];
      for (let at = 0; at < pcm.length; ) {
        const part = pcm.subarray(at, at + hop.length - inHop);
        hop.set(part, inHop);
        inHop += part.length;
        position += part.length;
        at += part.length;
        if (inHop < hop.length) break;
        inHop = 0;
        hearHop(out);
      }
      return out;
    },
    finish() {
      // The last tone needs a little silence after it to be told from a longer sound.
      const last = tones.push(new Int16Array(samples(20)));
      for (const word of last) if (stretch) insert(stretch.words, word);
      const out: Hearing[] = [];
      endStretch(out);
      return out;
    },
  };
}

/** Two may speak at once, so a word may have begun before one that is known already. */
function insert(words: HeardWord[], word: HeardWord): void {
  let at = words.length;
  while (at > 0 && words[at - 1]!.startSample > word.startSample) at -= 1;
  words.splice(at, 0, word);
}

/** Spreads a text's words over a span, each for as long as it has letters. */
export function spread(text: string, start: number, end: number): HeardWord[] {
  const words = text.split(/\s+/).filter(word => word !== '');
  const letters = words.reduce((total, word) => total + word.length, 0);
  let at = 0;
  return words.map(word => {
    const startSample = Math.round(start + ((end - start) * at) / letters);
    at += word.length;
    return { text: word, startSample, endSample: Math.round(start + ((end - start) * at) / letters) };
  });
}
