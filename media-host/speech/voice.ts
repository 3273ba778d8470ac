/** What the call needs of speech synthesis: SSML in, PCM and word times out, and silence at once when told to stop. */
export interface VoiceListener {
  /** PCM 16 bit mono at the call's rate, whole samples; the buffer is the listener's. */
  sound(pcm: ArrayBuffer): void;
  /** When a word sounds, in milliseconds from the utterance's first sample. */
  word(word: { text: string; offsetMs: number; durationMs: number }): void;
}

export interface Voice {
  /**
   * Speaks one utterance to its end or until `signal` aborts; nothing is told to the listener after that.
   * @param session who speaks: a synthesiser that served it before is taken again when it is free.
   * @returns how long the sound is that was given.
   * @throws CallError SPEECH_UNAVAILABLE when the service fails before the end.
   */
  speak(ssml: string, listener: VoiceListener, signal: AbortSignal, session?: number): Promise<{ ms: number }>;
  close(): Promise<void>;
}
