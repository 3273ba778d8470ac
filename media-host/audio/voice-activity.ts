import { firstMemory } from './first-memory.ts';
import { levelDetector } from './level-detector.ts';
import { sileroDetector } from './silero-detector.ts';
import { openSileroModel } from './silero-model.ts';
import type { VoiceModel } from './voice-model.ts';

/** One stretch of the caller's sound as the detector judged it. */
export interface VoiceWindow {
  /** `sound`: louder than the line's floor, whatever it is; `voice`: believed to be a person's (implies sound). */
  heard: 'quiet' | 'sound' | 'voice';
  /** Root mean square of the window in sample units, 0 to 32,767. */
  rms: number;
  /** End of the window in ms since the first sound given. */
  endMs: number;
}

/** Listens to one call. */
export interface VoiceActivity {
  /** PCM 16 kHz 16 bit mono of any length; read at once, not kept. */
  hear(pcm: Int16Array): void;
  /**
   * `closely`, while the agent speaks: every window of 32 ms is judged by the best there is. `coarsely`: only where sound
   * begins and ends, for next to no CPU. A call begins coarsely.
   */
  attend(how: Attention): void;
  /** Nothing is told any more. */
  close(): void;
}

export type Attention = 'closely' | 'coarsely';

/** The detector of all calls of a thread. */
export interface VoiceDetector {
  readonly name: 'silero' | 'level';
  readonly tally: Readonly<VoiceTally>;
  /**
   * `listener` is told every window that is not quiet and the first quiet one after, in the order of their ends. Where sound
   * begins inside a window it is told at once, and the window itself again when it is whole; attended coarsely it is told
   * at once where sound ends, too.
   */
  open(listener: (window: VoiceWindow) => void): VoiceActivity;
  /** Resolves when no window is being judged: tests on a virtual clock wait for it. */
  idle(): Promise<void>;
  /** Waits for what is being judged. A thread that is terminated before this may take the process with it. */
  close(): Promise<void>;
}

/** What a detector did since it was opened. */
export interface VoiceTally {
  /** Windows judged by the model. */
  judged: number;
  /** Runs of the model; each judges a window of several calls. */
  runs: number;
  /** Windows that waited too long or whose run failed: these were judged by level. */
  unjudged: number;
  failedRuns: number;
}

/**
 * The detector that is wished for; `auto` takes Silero where its runtime and its model are installed, else level.
 * @throws CallError VOICE_DETECTOR_UNAVAILABLE where Silero is wished for and cannot be had.
 */
export async function openVoiceDetector(
  wish: 'auto' | 'silero' | 'level',
  openModel: () => Promise<VoiceModel> = openSileroModel,
): Promise<VoiceDetector> {
  if (wish === 'level') return levelDetector();
  try {
    const model = await openModel();
    return sileroDetector(model, await firstMemory(model));
  } catch (error) {
    if (wish === 'silero') throw error;
    return levelDetector();
  }
}
