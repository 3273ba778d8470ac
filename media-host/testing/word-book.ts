/** Every word that was ever made on this stage, so that the ear can tell from the sound which one it is. */
export interface WordBook {
  utterance(text: string, askedAt: number, voice: string): Made;
  word(number: number): Word;
  readonly utterances: readonly Made[];
}

export interface Word {
  number: number;
  text: string;
  utterance: number;
  offsetMs: number;
  ms: number;
}

/** One asking for sound. */
export interface Made {
  number: number;
  text: string;
  /** Name of the voice. */
  voice: string;
  askedAt: number;
  words: readonly Word[];
  ms: number;
}

const msPerCharacter = 1000 / 15;

export function createWordBook(): WordBook {
  const words: Word[] = [];
  const utterances: Made[] = [];
  return {
    utterances,
    word: number => {
      const word = words[number];
      if (!word) throw new Error(`there is no word ${number}`);
      return word;
    },
    utterance: (text, askedAt, voice) => {
      let offsetMs = 0;
      const made = text.split(/\s+/).flatMap(written => {
        if (!/[\p{L}\p{N}]/u.test(written)) return [];
        const ms = Math.min(4000, 2 * Math.round(((written.length + 1) * msPerCharacter) / 2));
        const word: Word = { number: words.length, text: written, utterance: utterances.length, offsetMs, ms };
        words.push(word);
        offsetMs += ms;
        return [word];
      });
      const utterance = { number: utterances.length, text, voice, askedAt, words: made, ms: offsetMs };
      utterances.push(utterance);
      return utterance;
    },
  };
}
