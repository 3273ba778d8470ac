import { cutWhole } from './sentences.ts';
import { spokenForm } from './spoken-form.ts';

/** How far a synthesiser has come in a sentence, in the characters of the sentence as it was written. */
export interface Place {
  /** The sentence as it is to be said. */
  readonly spoken: string;
  /** What of `spoken` is to be made at a time: all of it, unless it is very long; none where nothing can be heard. */
  pieces(): { from: number; to: number }[];
  /** The next word, as the synthesiser tells it. @returns characters of the written sentence said when it has ended. */
  reached(word: string, offsetMs: number, durationMs: number): number;
  /**
   * Where the spoken text before `to` is to be taken up again when it broke off after `ms`: at the first word that was
   * not said to its end. Undefined when nothing is left, or when it is not known.
   */
  cutAt(ms: number, to: number): number | undefined;
}

/** A word's text may be normalised by the service; one that is not found this near is not searched for further. */
const nearChars = 40;
/** What the Speech service takes at once is ten minutes of sound; a barge-in should not throw away even one. */
const longChars = 600;
const audible = /[\p{L}\p{N}]/u;

export function createPlace(text: string, language: string): Place {
  const { spoken, originalAt } = spokenForm(text, language);
  const words: { from: number; endMs: number }[] = [];
  let position = 0;

  return {
    spoken,
    pieces: () => {
      if (!audible.test(spoken)) return [];
      return spoken.length <= longChars ? [{ from: 0, to: spoken.length }] : sentencesOf(spoken);
    },
    reached: (word, offsetMs, durationMs) => {
      const at = spoken.indexOf(word, position);
      if (word !== '' && at !== -1 && at - position <= nearChars) {
        words.push({ from: at, endMs: offsetMs + durationMs });
        position = at + word.length;
      }
      return originalAt(position);
    },
    cutAt: (ms, to) => {
      const at = words.find(word => word.endMs > ms)?.from ?? (words.length === 0 ? undefined : position);
      return at !== undefined && audible.test(spoken.slice(at, to)) ? at : undefined;
    },
  };
}

function sentencesOf(spoken: string): { from: number; to: number }[] {
  let at = 0;
  return cutWhole(spoken, { firstMinChars: longChars }).map(piece => {
    const from = spoken.indexOf(piece, at);
    at = from + piece.length;
    return { from, to: at };
  });
}
