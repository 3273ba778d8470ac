import type { Chance } from './chance.ts';

/**
 * The caller's side of the line as sound: 20 ms at a time, loud where something is said and still where nothing is. The
 * words themselves travel beside it: `script` tells who listens what was said and where in the sound it stands.
 */
export interface Mouth {
  /** Says words one after the other, each part of `text` in braces being a pause: "my number is {600} four seven". */
  says(text: string, about?: Manner): void;
  /** Sound that is no word. Voiced sound lasts like a voice, a cough does not. */
  sounds(ms: number, rms: number, kind: 'cough' | 'voice' | 'noise'): void;
  /** A word of the agent's comes back: recognition may take it for the caller's. */
  echoes(word: string): void;
  /** From now on the line is never softer than this. */
  hisses(rms: number): void;
  /** When all that was begun will be over, in ms of the sound sent so far. */
  busyUntilMs(): number;
  /** The next 20 ms; undefined where there is no sound at all. `echo` of what is being heard is mixed in, at `echoGain`. */
  frame(echo?: Int16Array, echoGain?: number): Int16Array | undefined;
  readonly script: readonly Uttered[];
  /** Stretches of sound of the caller's, ms. */
  readonly stretches: readonly { fromMs: number; toMs: number }[];
  /** Ms of sound given so far. */
  positionMs(): number;
  /** The clock's time at which this millisecond of the sound was, or will be. */
  at(ms: number): number;
}

export interface Manner {
  /** How recognition writes it in the end. @default as it was said */
  written?: string;
  /** Silence of recognition between the end of the phrase and its final. @default 60 to 1000 */
  finalLagMs?: number;
  /** @default 2500, of 32767 */
  rms?: number;
  /** Recognition of another language finds no words in it. @default said in whatever language is listened for */
  language?: string;
  /** Hypotheses of it never come, only the final. */
  noPartials?: boolean;
}

/** Something that sounded: a word, or something recognition may take for one. */
export interface Uttered {
  /** Undefined: no word. */
  word: string | undefined;
  startMs: number;
  endMs: number;
  about: Manner;
  /** Words said in one breath with it. */
  saying: number;
}

interface Sound {
  fromMs: number;
  toMs: number;
  rms: number;
  kind: 'speech' | 'cough' | 'voice' | 'noise';
}

const frameMs = 20;
const samples = 320;
const gapMs = 40;
/** The floor of the line is told from the gaps of speech: nobody speaks two seconds without one. */
const breathMs = 140;

export function createMouth(chance: Chance, now: () => number): Mouth {
  const script: Uttered[] = [];
  const stretches: { fromMs: number; toMs: number }[] = [];
  let sounds: Sound[] = [];
  let position = 0;
  let busyUntil = 0;
  let hiss = 0;
  let sayings = 0;
  const noise = noiseOf(chance);
  const frame = new Int16Array(samples);

  const loud = (fromMs: number, ms: number, rms: number, kind: Sound['kind']) => {
    sounds.push({ fromMs, toMs: fromMs + ms, rms, kind });
    stretches.push({ fromMs, toMs: fromMs + ms });
    busyUntil = Math.max(busyUntil, fromMs + ms);
  };

  return {
    script,
    stretches,
    positionMs: () => position,
    at: ms => now() - position + ms,
    busyUntilMs: () => busyUntil,
    says: (text, about = {}) => {
      const saying = ++sayings;
      let at = Math.max(position, busyUntil);
      for (const [part, pause] of text.matchAll(/\{(\d+)\}|\S+/g)) {
        if (pause !== undefined) {
          at += Number(pause);
          continue;
        }
        const ms = Math.min(1200, 100 + 45 * part.length);
        script.push({ word: part, startMs: at, endMs: at + ms, about, saying });
        loud(at, ms, about.rms ?? 2500, 'speech');
        at += ms + (script.length % 3 === 0 ? breathMs : gapMs);
      }
    },
    sounds: (ms, rms, kind) => {
      const from = Math.max(position, busyUntil);
      loud(from, ms, rms, kind);
      if (kind !== 'noise')
        script.push({ word: undefined, startMs: from, endMs: from + ms, about: {}, saying: ++sayings });
    },
    echoes: word => {
      const at = script.findLastIndex(uttered => uttered.endMs <= position) + 1;
      script.splice(at, 0, { word, startMs: position - 1, endMs: position, about: {}, saying: 0 });
    },
    hisses: rms => {
      hiss = rms;
    },
    frame: (echo, echoGain = 0) => {
      const from = position;
      position += frameMs;
      const now = sounds.filter(sound => sound.fromMs < position && sound.toMs > from);
      if (sounds.length > 20) sounds = sounds.filter(sound => sound.toMs > from);
      if (now.length === 0 && hiss === 0 && !echo) return undefined;
      const start = (from * 16) % noise.length;
      for (let i = 0; i < samples; i++) {
        const atMs = from + i / 16;
        let gain = hiss;
        for (const sound of now) if (sound.fromMs <= atMs && atMs < sound.toMs) gain += sound.rms * shape(sound, atMs);
        const mixed = (noise[(start + i) % noise.length] ?? 0) * gain + (echo?.[i] ?? 0) * echoGain;
        frame[i] = Math.max(-32_768, Math.min(32_767, Math.round(mixed)));
      }
      return frame;
    },
  };
}

/** Syllables rise and fall five times a second; a cough dies away. */
function shape({ kind, fromMs, toMs }: Sound, atMs: number): number {
  if (kind === 'noise') return 1;
  if (kind === 'cough') return 1.4 * Math.exp((-2 * (atMs - fromMs)) / (toMs - fromMs));
  return syllables[Math.floor(atMs - fromMs) % syllables.length] ?? 1;
}

const syllables = Float64Array.from(
  { length: 200 },
  (_, ms) => 0.15 + 0.85 * Math.abs(Math.sin((Math.PI * (ms + 50)) / 200)),
);

/** A second of hoarse noise with a root mean square of 1. */
function noiseOf(chance: Chance): Float64Array {
  const noise = new Float64Array(16_000);
  let low = 0;
  let squares = 0;
  for (let i = 0; i < noise.length; i++) {
    low += (chance.between(-1000, 1000) - low) * 0.4;
    noise[i] = low;
    squares += low * low;
  }
  const rms = Math.sqrt(squares / noise.length);
  return noise.map(value => value / rms);
}
