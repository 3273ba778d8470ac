/**
 * What the call needs of speech recognition: sound in, words out. Positions are milliseconds since the first sound
 * given. An adapter survives its service: it reconnects, replays what was not yet recognised, and says so only when it
 * gives up for now.
 */
export interface Recognised {
  text: string;
  offsetMs: number;
  durationMs: number;
}

export interface EarsListener {
  /** Recognition is running. */
  listening(): void;
  partial(words: Recognised): void;
  final(words: Recognised): void;
  /** A sound that held no words. */
  noMatch(): void;
  /** Nothing has been heard for longer than a listener would bear; trying goes on. */
  lost(code: string): void;
  /** After `lost`: recognition is running, and what was said meanwhile is on its way. */
  again(): void;
}

export interface Ears {
  /** PCM 16 kHz 16 bit mono; the buffer is kept. */
  hear(pcm: ArrayBuffer): void;
  /** Whoever hears now is replaced; what was not recognised is heard again. */
  renew(): void;
  /** From what is not recognised yet on it listens like this. */
  relisten(options: EarsOptions): void;
  close(): Promise<void>;
}

export interface EarsOptions {
  language: string;
  /** Words recognition should expect. */
  phrases: readonly string[];
}

export type OpenEars = (options: EarsOptions, listener: EarsListener) => Ears;
