/**
 * A population of callers and the recogniser that hears them, seeded and without a clock: what was said when, what
 * voice detection and recognition tell of it and when they tell it. The figures stand beside each: plausible ones for
 * service calls, not measured on recordings.
 */
import type { EndOfTurnEvent } from '../end-of-turn.ts';
import { type Kind, type Saying, sayings } from './sayings.ts';

export type Random = () => number;

/** mulberry32 */
export function seeded(seed: number): Random {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const between = (random: Random, least: number, most: number): number => least + random() * (most - least);
const chosen = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One of the keys, each as often as its share. */
function drawn<K extends string>(random: Random, shares: Readonly<Record<K, number>>): K {
  let left = random() * Object.values<number>(shares).reduce((sum, share) => sum + share, 0);
  const keys = Object.keys(shares) as K[];
  for (const key of keys) {
    left -= shares[key];
    if (left < 0) return key;
  }
  return keys.at(-1)!;
}

export type Spoken = keyof typeof sayings;

export interface Caller {
  language: Spoken;
  /** Milliseconds for a letter: 165 ± 30 words a minute of 5 letters and a space. */
  letterMs: number;
  /** Share of turns in which the caller hesitates: 8 % (fluent), 22 % or 45 % (hesitant); 21 % overall. */
  hesitates: number;
  /** Median of the caller's pauses, ms: 600, up to a fifth more or less. */
  pauseMs: number;
  /** Silence after every word, ms: none for half of all callers, up to 120 where words are said one by one. */
  wordGapMs: number;
}

export function caller(random: Random): Caller {
  const wordsPerMinute = Math.min(230, Math.max(110, 165 + 30 * normal(random)));
  return {
    language: drawn(random, { en: 55, es: 15, de: 15, fr: 15 }),
    letterMs: 60_000 / wordsPerMinute / 6,
    hesitates: { fluent: 0.08, average: 0.22, hesitant: 0.45 }[drawn(random, { fluent: 4, average: 4, hesitant: 2 })],
    pauseMs: between(random, 480, 720),
    wordGapMs: Math.max(0, between(random, -120, 120)),
  };
}

/** Turns of a service call in the hundred; about one of a call's eight is a number, an address or a name in letters. */
const kinds: Readonly<Record<Kind, number>> = {
  ...{ request: 40, question: 15, answer: 20, 'yes-no': 14 },
  ...{ digits: 5, email: 2, spelling: 2, address: 2 },
};

/** A pause inside a turn: log-normal, spread 0.4, 300 to 1200 ms. */
function pause(random: Random, medianMs: number): number {
  for (;;) {
    const ms = Math.round(medianMs * Math.exp(0.4 * normal(random)));
    if (ms >= 300 && ms <= 1200) return ms;
  }
}

export interface Word {
  text: string;
  startMs: number;
  endMs: number;
  /** The sound of thinking; recognition leaves out half of them. */
  filler: boolean;
}

export interface Turn {
  kind: Kind;
  saying: Saying;
  words: readonly Word[];
}

const fillers: Readonly<Record<Spoken, string>> = { en: 'um', es: 'eh', de: 'ähm', fr: 'euh' };
/** Of pauses in sentences so many follow words that could have been all. */
const AFTER_WHOLE = 0.15;

/** What a caller says in one turn, from time 0. */
export function turn(random: Random, who: Caller, only?: Kind): Turn {
  const kind = only ?? drawn(random, kinds);
  const saying = chosen(random, sayings[who.language][kind]);
  const parts = saying.text.split(' ').filter(part => part !== '');
  const pauses = pausesIn(random, who, kind, parts);
  const words: Word[] = [];
  let at = 0;
  const say = (text: string, filler: boolean): void => {
    const length = Math.max(2, text.length) * who.letterMs * between(random, 0.85, 1.15) + (filler ? 150 : 0);
    const startMs = Math.round(at);
    at += length;
    // The gap between words is part of their pace, and short.
    words.push({ text, startMs, endMs: Math.round(at - who.letterMs * 0.3), filler });
    at += who.wordGapMs;
  };
  parts.forEach((part, i) => {
    const ms = pauses.get(i);
    if (part !== '|' && part !== '~') say(part, false);
    if (ms === undefined) return;
    at = words.at(-1)!.endMs + ms;
    // Two of five hesitations are voiced, then the pause goes on.
    if (collected(kind) || random() >= 0.4) return;
    say(fillers[who.language], true);
    at = words.at(-1)!.endMs + pause(random, who.pauseMs * 0.75);
  });
  return { kind, saying, words };
}

export function collected(kind: Kind): boolean {
  return kind === 'digits' || kind === 'email' || kind === 'spelling' || kind === 'address';
}

/** After which parts the caller pauses, and how long. */
function pausesIn(random: Random, who: Caller, kind: Kind, parts: readonly string[]): Map<number, number> {
  const places = (mark: string): number[] => parts.flatMap((part, i) => (part === mark ? [i] : []));
  const pauses = new Map<number, number>();
  if (collected(kind)) {
    // Groups are read out with a pause after seven in ten of them, and one word in twenty-five is followed by one too.
    parts.forEach((part, i) => {
      if (part === '|' ? random() < 0.7 : i < parts.length - 1 && random() < 0.04) {
        pauses.set(i, pause(random, who.pauseMs * 0.85));
      }
    });
    return pauses;
  }
  // One hesitation, in a quarter of these turns a second one.
  for (let left = random() < who.hesitates ? (random() < 0.25 ? 2 : 1) : 0; left > 0; left -= 1) {
    const [whole, broken] = [places('~'), places('|')];
    const where = random() < AFTER_WHOLE ? whole : broken;
    if (where.length > 0) pauses.set(chosen(random, where), pause(random, who.pauseMs));
  }
  return pauses;
}

/** Something the turn logic is told: `toldMs` when it learns it, `event.at` when it happened. */
export interface Told {
  toldMs: number;
  event: EndOfTurnEvent;
  /** Number of the recogniser's phrase the words belong to. */
  phrase?: number;
}

const SEGMENTATION_MS = 500;
const HYPOTHESIS_EVERY_MS = 300;
/** Voice detection bridges gaps shorter than this, and so tells the end late (measured: 62 ms, 22 of them transport). */
const HANGOVER_MS = 40;

/** What those who hear the caller can tell. @default both */
export interface Hearing {
  voiceDetection?: boolean;
  /** Recognition tells where its words lie in the sound. */
  wordTimes?: boolean;
}

/** What is told of a turn that begins at `fromMs`. */
export function told(
  random: Random,
  { words, saying }: Turn,
  fromMs: number,
  { voiceDetection = true, wordTimes = true }: Hearing = {},
): Told[] {
  const stretches = split(words, HANGOVER_MS);
  const voice = !voiceDetection
    ? []
    : stretches.flatMap((stretch): Told[] => {
        const began = fromMs + stretch[0]!.startMs;
        const ended = fromMs + stretch.at(-1)!.endMs;
        const off = ended + Math.round(between(random, -10, 20));
        return [
          { toldMs: began + Math.round(between(random, 40, 80)), event: { type: 'voice', on: true, at: began } },
          { toldMs: ended + HANGOVER_MS + 20, event: { type: 'voice', on: false, at: off } },
        ];
      });
  const phrases = split(words, SEGMENTATION_MS);
  const heard: Told[] = [];
  phrases.forEach((phrase, i) => {
    // Recognition tells things in their order: a phrase's final before the next one's hypotheses.
    const after = heard.at(-1)?.toldMs ?? 0;
    for (const one of recognised(random, phrase, i, i === phrases.length - 1, saying, fromMs, wordTimes)) {
      const toldMs = Math.max(one.toldMs, after + 1);
      heard.push({ ...one, toldMs, event: { ...one.event, at: toldMs } });
    }
  });
  return [...voice, ...heard].sort((a, b) => a.toldMs - b.toldMs);
}

function split(words: readonly Word[], gapMs: number): Word[][] {
  const stretches: Word[][] = [];
  for (const word of words) {
    const last = stretches.at(-1);
    if (last && word.startMs - last.at(-1)!.endMs < gapMs) last.push(word);
    else stretches.push([word]);
  }
  return stretches;
}

function recognised(
  random: Random,
  phrase: readonly Word[],
  number: number,
  ends: boolean,
  { text }: Saying,
  fromMs: number,
  wordTimes: boolean,
): Told[] {
  const heard = phrase.filter(word => !word.filler || random() < 0.5);
  const endMs = phrase.at(-1)!.endMs;
  // A word can be in a hypothesis 40 to 120 ms after it ended; hypotheses keep 300 ms apart.
  const knownAt = heard.map(word => word.endMs + between(random, 40, 120));
  const out: Told[] = [];
  let toldWords = 0;
  let misheard = false;
  const say = (
    atMs: number,
    lastWord: Word,
    event: Pick<Extract<EndOfTurnEvent, { text: string }>, 'type' | 'text'>,
  ): void => {
    const at = Math.round(fromMs + atMs);
    const saidUntil = wordTimes ? Math.round(fromMs + lastWord.endMs + between(random, -25, 25)) : undefined;
    out.push({ toldMs: at, event: { ...event, at, saidUntil }, phrase: number });
  };
  for (let at = (knownAt[0] ?? 0) + between(random, 0, 50); at < endMs + SEGMENTATION_MS; ) {
    const count = knownAt.filter(known => known <= at).length;
    if (count > toldWords || misheard) {
      toldWords = count;
      const texts = heard.slice(0, count).map(word => word.text);
      // One hypothesis in twenty has its last word wrong until the next.
      misheard = !misheard && random() < 0.05;
      if (misheard) texts[count - 1] = `${texts[count - 1]}s`;
      say(at + 20, heard[count - 1]!, { type: 'partial', text: texts.join(' ') });
      at += HYPOTHESIS_EVERY_MS;
    } else {
      at = Math.max(at + 1, knownAt[count] ?? Number.POSITIVE_INFINITY);
    }
  }
  if (heard.length === 0) return out;
  // The lag after the segmentation silence: 60 to 1000 ms, more often short.
  const lag = 60 + 940 * random() ** 2;
  say(endMs + SEGMENTATION_MS + lag, heard.at(-1)!, { type: 'final', text: written(random, heard, ends, text) });
  return out;
}

const QUESTION =
  /^(?:can|what|how|where|do|is|who|a qué|cuánto|puede|tienen|wann|was|können|haben|à|combien|pouvez|est)\b/u;

/** A final has a capital and a mark: a full stop nine times of ten at the end, and half the time in the middle too. */
function written(random: Random, heard: readonly Word[], ends: boolean, whole: string): string {
  const words = heard.filter(word => !word.filler || random() < 0.3).map(word => word.text);
  const text = (words.length > 0 ? words : [heard[0]!.text]).join(' ');
  const stop = QUESTION.test(whole) ? '?' : '.';
  const mark = ends ? (random() < 0.9 ? stop : '') : (['.', ',', '', '.'] as const)[Math.floor(random() * 4)]!;
  return `${text[0]!.toUpperCase()}${text.slice(1)}${mark}`;
}
