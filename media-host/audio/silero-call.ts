import { levelJudge, windowMs } from './level-judge.ts';
import { leastRms } from './loudness.ts';
import { telling } from './telling.ts';
import type { VoiceActivity, VoiceWindow } from './voice-activity.ts';
import { modelSamples, type WindowToJudge, windowSamples } from './voice-model.ts';

/**
 * One call before the model: keeps its last second of sound, knows which window is to be judged next, and tells judgements
 * in the order of the sound. Silence is not judged, but the windows just before a sound are, so that the model knows how
 * it began.
 */
export interface JudgedCall extends VoiceActivity, WindowToJudge {
  /** In the line of calls that wait for the model. */
  inLine: boolean;
  isDue(): boolean;
  /** Makes the next window the one that `read` reads; false where nothing is to be judged any more. */
  take(): boolean;
  /** How likely the window taken is a voice; undefined where its run failed. */
  judged(probability: number | undefined): void;
}

export interface Surroundings {
  due(call: JudgedCall): void;
  unjudged(): void;
  attended(by: 1 | -1): void;
  readonly firstMemory: Float32Array;
}

/** Windows kept: those waiting, those before a sound, one being filled, and one for the context of the oldest. */
const slots = 32;
/** Windows that wait, ¾ s of sound. Where more come, the oldest is judged by level. */
const longestWait = 24;
const warmUp = 3;
const voiceProbability = 0.3;

export function judgedCall(listener: (window: VoiceWindow) => void, around: Surroundings): JudgedCall {
  const ring = new Int16Array(slots * windowSamples);
  const heard: VoiceWindow['heard'][] = new Array(slots).fill('quiet');
  const loudness = new Float64Array(slots);
  const waits = new Uint8Array(slots);
  /** Windows counted from the call's first: how many are whole, told, and were put to the model; the last it is to judge. */
  let whole = 0;
  let told = 0;
  let put = 0;
  let needed = -1;
  let taken = -1;
  /** Sound that began in the window being filled, while windows before it wait. */
  let begun: { rms: number; endMs: number } | undefined;
  let open = true;

  const voice = telling(window => {
    if (open) listener(window);
  });

  const tellWhole = () => {
    while (told < whole && waits[told % slots] === 0) {
      const at = told++ % slots;
      voice.tell(heard[at]!, loudness[at]!, told * windowMs);
    }
    if (told < whole || !begun) return;
    voice.tell('sound', begun.rms, begun.endMs);
    begun = undefined;
  };

  const judge = levelJudge(ring, {
    begins: (rms, endMs) => {
      begun = { rms, endMs };
      tellWhole();
    },
    // Coarsely nothing waits.
    ends: (rms, endMs) => {
      begun = undefined;
      voice.tell('quiet', rms, endMs);
    },
    window: (level, rms) => {
      const window = whole++;
      heard[window % slots] = level;
      loudness[window % slots] = rms;
      begun = undefined;
      if (voice.how === 'closely' && (level !== 'quiet' || rms > leastRms)) wait(window);
      else waits[window % slots] = 0;
      tellWhole();
    },
  });

  const wait = (window: number) => {
    waits[window % slots] = 1;
    if (put > needed) put = Math.max(put, window - warmUp);
    needed = window;
    if (whole - told > longestWait) {
      waits[told % slots] = 0;
      put = Math.max(put, told + 1);
      around.unjudged();
    }
    around.due(self);
  };

  const self: JudgedCall = {
    inLine: false,
    memory: around.firstMemory.slice(),
    hear: pcm => {
      if (open) judge.hear(pcm);
    },
    attend: how => {
      if (how === voice.how || !open) return;
      voice.how = how;
      judge.attend(how);
      around.attended(how === 'closely' ? 1 : -1);
      if (how === 'closely') return;
      waits.fill(0);
      needed = -1;
      tellWhole();
    },
    close: () => {
      self.attend('coarsely');
      open = false;
    },
    isDue: () => put <= needed,
    take: () => {
      if (put > needed) return false;
      taken = put++;
      return true;
    },
    read: (into, at) => {
      const from = (taken + 1) * windowSamples - modelSamples + ring.length;
      for (let i = 0; i < modelSamples; i++) into[at + i] = ring[(from + i) % ring.length]! / 32_768;
    },
    judged: probability => {
      if (taken < told || waits[taken % slots] === 0) return;
      const at = taken % slots;
      waits[at] = 0;
      if (probability === undefined) around.unjudged();
      else if (probability > voiceProbability) heard[at] = 'voice';
      else if (heard[at] === 'voice') heard[at] = 'sound';
      tellWhole();
    },
  };
  return self;
}
