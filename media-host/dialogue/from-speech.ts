import type { CallFact } from '../../contracts/call-event.ts';
import type { Clock } from '../clock.ts';
import type { FromSpeech } from '../lanes/speech-lane.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { ConversationEvent } from '../turn/conversation-state.ts';
import type { CallerSide } from './caller-side.ts';
import type { Speaking } from './speaking.ts';

/** Reads what the speech lane tells of one call: the caller's sound and words, and the sound of the agent's. */
export interface FromSpeechOptions {
  clock: Clock;
  metrics: Metrics;
  note(fact: CallFact): void;
  apply(event: ConversationEvent): void;
  callerSide: Pick<CallerSide, 'voice' | 'words'>;
  speaking: Pick<Speaking, 'sounding' | 'sound' | 'word' | 'made'>;
}

export function readFromSpeech(options: FromSpeechOptions): (message: FromSpeech) => void {
  const { clock, metrics, note, apply, callerSide, speaking } = options;

  return message => {
    switch (message.type) {
      case 'voice':
        return callerSide.voice(message);
      case 'partial':
      case 'final':
        return callerSide.words(message);
      case 'no-match':
        return apply({ type: 'no-match', at: clock.now() });
      case 'sounding':
        return speaking.sounding(message.epoch, message.utterance, message.askedUs, message.firstByteUs);
      case 'sound-out': {
        const began = speaking.sound(message.epoch, message.utterance, new Uint8Array(message.pcm));
        if (began) apply({ type: 'reply-ready', epoch: message.epoch, filler: began === 'filler', at: clock.now() });
        return;
      }
      case 'word':
        return speaking.word(message.epoch, message.utterance, message);
      case 'not-said':
        metrics.count('tts-failures');
        note({ type: 'service-failed', service: 'tts', code: message.code });
        return speaking.made(message.epoch, message.utterance);
      case 'said':
        return speaking.made(message.epoch, message.utterance);
      case 'deaf':
        metrics.count('stt-failures');
        return note({ type: 'service-failed', service: 'stt', code: message.code });
      default:
        return;
    }
  };
}
