import type { VoiceActivity, VoiceDetector } from '../audio/voice-activity.ts';
import type { LaneModule, Post } from './lane.ts';
import type { FromSpeech, ToSpeech } from './speech-lane.ts';

/** Has the caller's sound watched for a voice on its way to recognition: both hear the same, neither waits for the other. */
export function watchingVoices(
  post: Post<FromSpeech>,
  detector: VoiceDetector,
  lane: LaneModule<ToSpeech>,
): LaneModule<ToSpeech> {
  const watched = new Map<number, VoiceActivity>();

  const open = (call: number) => {
    let before = 0;
    const activity = detector.open(({ heard, rms, endMs }) => {
      const ms = Math.max(0, Math.round(endMs - before));
      before = endMs;
      post({ type: 'voice', call, heard, rms, ms: Math.min(ms, longestWindowMs) });
    });
    watched.set(call, activity);
  };

  return {
    receive: message => {
      switch (message.type) {
        case 'open':
          open(message.call);
          break;
        case 'sound':
          watched.get(message.call)?.hear(new Int16Array(message.pcm));
          break;
        case 'attend':
          watched.get(message.call)?.attend(message.how);
          return;
        case 'close':
          watched.get(message.call)?.close();
          watched.delete(message.call);
      }
      lane.receive(message);
    },
    close: async () => {
      // A thread that ends while the model runs takes the process with it.
      await detector.close();
      await lane.close();
    },
  };
}

/** Two windows apart there was silence between them. */
const longestWindowMs = 40;
