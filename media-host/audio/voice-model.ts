/**
 * A model that tells how likely a window of 32 ms is a voice, with a memory between the windows of a call. Each run takes one
 * window of several calls, which costs less than one by one.
 */
export interface VoiceModel {
  /** Windows one run takes. */
  readonly most: number;
  /** How likely each window is a voice; the answer stands until the next run. Never two runs at once. */
  judge(windows: readonly WindowToJudge[]): Promise<Float32Array>;
  noMemory(): Float32Array;
  close(): Promise<void>;
}

export interface WindowToJudge {
  /** Writes `modelSamples` from -1 to 1: the last samples before the window, and the window's. */
  read(into: Float32Array, at: number): void;
  /** What the model remembers of the call: read before the run and written after it. */
  readonly memory: Float32Array;
}

export const windowSamples = 512;
export const modelSamples = 64 + windowSamples;
