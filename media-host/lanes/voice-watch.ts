import { joinQuiet, type QuietJoiner } from '../audio/join-quiet.ts';
import { longestWindowMs } from '../audio/longest-window.ts';
import type { VoiceActivity, VoiceDetector } from '../audio/voice-activity.ts';
import type { LaneModule, Post } from './lane.ts';
import type { FromSpeech, ToSpeech } from './speech-lane.ts';

/**
 * Has the caller's sound watched for a voice on its way to recognition. What is long quiet goes on in larger pieces: a
 * message to recognition costs far more than the sound in it.
 */
export function watchingVoices(
  post: Post<FromSpeech>,
  detector: VoiceDetector,
  lane: LaneModule<ToSpeech>,
  /** Silence that ends a phrase, in ms: it passes frame by frame. */
  segmentationMs = 500,
): LaneModule<ToSpeech> {
  const watched = new Map<number, { activity: VoiceActivity; joiner: QuietJoiner; sounds: boolean }>();

  const open = (call: number) => {
    let before = 0;
    const activity = detector.open(({ heard, rms, endMs }) => {
      const ms = Math.max(0, Math.round(endMs - before));
      before = endMs;
      const mine = watched.get(call);
      if (mine) mine.sounds = heard !== 'quiet';
      post({ type: 'voice', call, heard, rms, ms: Math.min(ms, longestWindowMs) });
    });
    watched.set(call, { activity, joiner: joinQuiet({ afterMs: segmentationMs + marginMs, joinMs }), sounds: false });
  };

  const hear = ({ call, pcm }: Extract<ToSpeech, { type: 'sound' }>) => {
    const mine = watched.get(call);
    if (!mine) return;
    mine.activity.hear(new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1));
    const next = mine.joiner.push(pcm, mine.sounds);
    if (next) lane.receive({ type: 'sound', call, pcm: new Uint8Array(next) });
  };

  return {
    receive: message => {
      switch (message.type) {
        case 'open':
          open(message.call);
          break;
        case 'sound':
          return hear(message);
        case 'attend':
          watched.get(message.call)?.activity.attend(message.how);
          return;
        case 'close':
          watched.get(message.call)?.activity.close();
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

/** Recognition sees the end of a phrase somewhat later than it is said. */
const marginMs = 300;
const joinMs = 200;
