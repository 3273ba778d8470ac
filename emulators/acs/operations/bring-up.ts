/** A leg comes to life: its media socket is dialled first, then the app is told, in an order the service does not promise. */
import type { Exchange } from '../exchange.ts';
import type { Leg } from '../leg.ts';
import { Streaming } from '../media/streaming.ts';
import { Transcription } from '../media/transcription.ts';
import type { CallSettings } from '../rest/bodies.ts';

type MediaSettings = Pick<CallSettings, 'mediaStreamingOptions' | 'transcriptionOptions'>;

/** Gives the leg the media the app asked for when it answered, created or connected the call. */
export function equip(exchange: Exchange, leg: Leg, settings: MediaSettings): void {
  const audio = settings.mediaStreamingOptions;
  if (audio?.transportUrl) {
    leg.streaming = new Streaming(
      leg,
      {
        url: audio.transportUrl,
        autoStart: audio.startMediaStreaming ?? false,
        mixed: audio.audioChannelType === 'mixed',
        bidirectional: audio.enableBidirectional ?? false,
        dtmf: audio.enableDtmfTones ?? false,
        sampleRate: /24k/i.test(audio.audioFormat ?? '') ? 24_000 : 16_000,
      },
      exchange,
    );
  }
  const words = settings.transcriptionOptions;
  if (words?.transportUrl) {
    const autoStart = words.startTranscription ?? false;
    leg.transcription = new Transcription(leg, { url: words.transportUrl, locale: words.locale, autoStart }, exchange);
  }
}

/** Dials media and announces `CallConnected` and `ParticipantsUpdated`. */
export function bringUp(exchange: Exchange, leg: Leg): void {
  const { faults } = exchange;
  const dialMedia = () => {
    if (leg.streaming?.setup.autoStart) void leg.streaming.start();
  };
  if (faults.mediaDial === 'before-connected') dialMedia();
  leg.alarms.after(faults.connectDelayMs, () => {
    leg.state = 'connected';
    announce(exchange, leg);
    for (const other of leg.conversation.legs)
      if (other !== leg && other.state === 'connected') other.tellParticipants();
    if (faults.mediaDial === 'after-connected') dialMedia();
    if (leg.transcription?.setup.autoStart) void leg.transcription.start({ context: undefined, to: undefined });
  });
}

function announce(exchange: Exchange, leg: Leg): void {
  const { connectOrder, callbackJitterMs } = exchange.faults;
  const context = leg.setup.operationContext;
  const apart = callbackJitterMs + 20;
  leg.tell('CallConnected', {}, { context, post: { afterMs: connectOrder === 'participants-first' ? apart : 0 } });
  if (connectOrder === 'connected-first') leg.alarms.after(apart, () => leg.tellParticipants());
  else leg.tellParticipants();
}
