import type { Attention, VoiceWindow } from './voice-activity.ts';

/** Tells a listener what it wants to hear: each window that is not quiet and the first quiet one, or only where sound begins and ends. */
export interface Telling {
  how: Attention;
  tell(heard: VoiceWindow['heard'], rms: number, endMs: number): void;
}

export function telling(listener: (window: VoiceWindow) => void): Telling {
  let quiet = true;
  const self: Telling = {
    how: 'coarsely',
    tell: (heard, rms, endMs) => {
      const still = (heard === 'quiet') === quiet;
      if (still && (quiet || self.how === 'coarsely')) return;
      quiet = heard === 'quiet';
      listener({ heard, rms, endMs });
    },
  };
  return self;
}
