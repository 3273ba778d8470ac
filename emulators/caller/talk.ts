/** Everything a caller can let out of the mouth, from a whole sentence to a click. */
import type { Utterance } from './mouth.ts';
import { type CoughKind, clickSound, coughSound, noiseSound, puffSound } from './noises.ts';
import { seeded } from './seeded.ts';
import { createVoice, type Spoken, type SpokenWord, type VoiceKind } from './voice/voice.ts';

export interface SayOptions {
  /** Silence after every word but the last, in ms. */
  wordGapMs?: number;
}

export interface Talk {
  /** Speaks, with pauses where they are asked for; resolves when the last sample has been played. */
  say(spoken: Spoken, options?: SayOptions): Promise<Utterance>;
  /** Says letters and digits one by one. @param gapMs silence between them, @default 350 */
  spell(letters: string, options?: { gapMs?: number }): Promise<Utterance>;
  /** A short word that takes nobody's floor: uh-huh, mm-hmm, yeah, okay and right sound as themselves. */
  backchannel(text: string): Promise<Utterance>;
  /** Plays recorded speech (16 kHz); `words` is what it says. */
  play(pcm: Int16Array, words: string): Promise<Utterance>;
  /** Without a kind, this caller's next one. */
  cough(ms: number, kind?: CoughKind): Promise<Utterance>;
  /** A few ms of a key or a bad contact. */
  click(): Promise<Utterance>;
  /** Breath on the microphone. */
  puff(ms: number): Promise<Utterance>;
  /** White noise of a level (root mean square in sample units). @default 3000 */
  noise(ms: number, level?: number): Promise<Utterance>;
}

export interface TalkSetting {
  /** @default 'speech' */
  voice?: VoiceKind | undefined;
  seed: number;
  wordGapMs?: number | undefined;
  /** Puts a sound on the microphone. */
  speak(text: string, pcm: Int16Array, words: readonly SpokenWord[]): Promise<Utterance>;
}

const COUGHS: readonly CoughKind[] = ['cough', 'throat', 'sneeze'];

export function createTalk({ voice: kind = 'speech', seed, wordGapMs: ownGapMs = 0, speak }: TalkSetting): Talk {
  const voice = createVoice({ kind, seed });
  const random = seeded(seed);
  const nextSeed = (): number => Math.floor(random() * 2 ** 32);
  return {
    say(spoken, { wordGapMs = ownGapMs } = {}) {
      const { text, pcm, words } = voice.say(spoken, wordGapMs);
      return speak(text, pcm, words);
    },
    spell(letters, { gapMs = 350 } = {}) {
      const { text, pcm, words } = voice.say(spelled(letters), gapMs);
      return speak(text, pcm, words);
    },
    backchannel(word) {
      const { text, pcm, words } = voice.backchannel(word);
      return speak(text, pcm, words);
    },
    play: (pcm, text) => speak(text, pcm, spreadWords(text, pcm.length)),
    cough: (ms, chosen) =>
      speak('', coughSound(ms, chosen ?? COUGHS[Math.floor(random() * COUGHS.length)]!, nextSeed()), []),
    click: () => speak('', clickSound(nextSeed()), []),
    puff: ms => speak('', puffSound(ms, nextSeed()), []),
    noise: (ms, level = 3000) => speak('', noiseSound(ms, level, nextSeed()), []),
  };
}

/** Every letter a word of its own. */
export function spelled(letters: string): string {
  return [...letters.replace(/\s+/gu, '')].join(' ');
}

/** The words of a text as its speaker would reach them, by their letters. */
function spreadWords(text: string, samples: number): SpokenWord[] {
  const words = text.split(/\s+/).filter(word => word !== '');
  const letters = words.reduce((total, word) => total + word.length, 0);
  let before = 0;
  return words.map(word => {
    const startSample = Math.round((samples * before) / letters);
    before += word.length;
    return { text: word, startSample };
  });
}
