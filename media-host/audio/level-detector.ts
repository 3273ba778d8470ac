import { levelJudge } from './level-judge.ts';
import { telling } from './telling.ts';
import type { VoiceDetector } from './voice-activity.ts';
import { windowSamples } from './voice-model.ts';

/** Judges by level alone: needs nothing installed, is right on clean lines, and takes a long cough for a voice. */
export function levelDetector(): VoiceDetector {
  return {
    name: 'level',
    tally: { judged: 0, runs: 0, unjudged: 0, failedRuns: 0 },
    open: listener => {
      let open = true;
      const told = telling(window => {
        if (open) listener(window);
      });
      const judge = levelJudge(new Int16Array(windowSamples), {
        begins: (rms, endMs) => told.tell('sound', rms, endMs),
        ends: (rms, endMs) => told.tell('quiet', rms, endMs),
        window: told.tell,
      });
      return {
        hear: judge.hear,
        attend: how => {
          told.how = how;
          judge.attend(how);
        },
        close: () => {
          open = false;
        },
      };
    },
    idle: async () => undefined,
    close: async () => undefined,
  };
}
