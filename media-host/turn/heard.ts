/**
 * Which words of an utterance reached the ear: the synthesiser says when each word sounds, the play-out clock says how
 * far it came. A word counts as heard when it was played to its end.
 */
export interface SpokenWord {
  text: string;
  /** Milliseconds from the utterance's first sample. */
  offsetMs: number;
  durationMs: number;
  /** So many characters of the utterance's text are said when the word has ended, where the synthesiser's side knows. */
  upTo?: number | undefined;
}

/** The word that sounds at `playedMs`, or the last that began before: where a sentence that was cut begins again. */
export function wordAt(words: readonly SpokenWord[], playedMs: number): SpokenWord | undefined {
  let found: SpokenWord | undefined;
  for (const word of words) if (word.offsetMs <= playedMs) found = word;
  // Played to its end, it need not be said again.
  return found && found.offsetMs + found.durationMs <= playedMs ? undefined : found;
}

export interface Utterance {
  text: string;
  words: readonly SpokenWord[];
  /** How much of it has been played. */
  playedMs: number;
  /** All of it has been made and played. */
  complete: boolean;
}

/** The text that was heard, in the utterance's own spelling. Without word times, a complete utterance counts whole. */
export function heardText(utterance: Utterance): string {
  if (utterance.complete) return utterance.text;
  let position = 0;
  for (const word of utterance.words) {
    if (word.offsetMs + word.durationMs > utterance.playedMs) break;
    if (word.upTo !== undefined) {
      position = Math.max(position, word.upTo);
      continue;
    }
    const at = utterance.text.indexOf(word.text, position);
    if (at !== -1) position = at + word.text.length;
  }
  return utterance.text.slice(0, position).trimEnd();
}
