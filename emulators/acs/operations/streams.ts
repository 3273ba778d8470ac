import type { Leg } from '../leg.ts';
import type { Transcription } from '../media/transcription.ts';
import { notConfigured, wrongState } from '../rest/acs-error.ts';
import { operationBody, transcriptionBody } from '../rest/bodies.ts';
import type { Operation } from '../rest/operation.ts';
import { addressOf, onConnectedLeg } from '../rest/operation.ts';

/** Media streaming and transcription, started and stopped by hand. */
export const streamOperations: Operation[] = [
  onConnectedLeg(':startMediaStreaming', operationBody, (leg, { body }) => {
    if (!leg.streaming) throw notConfigured('mediaStreamingOptions');
    if (!leg.streaming.mayStart) throw wrongState('media streaming is active, or may not be started again.');
    void leg.streaming.start(addressOf(body));
    return { status: 202 };
  }),
  onConnectedLeg(':stopMediaStreaming', operationBody, (leg, { body }) => {
    if (!leg.streaming) throw notConfigured('mediaStreamingOptions');
    if (!leg.stream?.isOpen) throw wrongState('media streaming is not active.');
    leg.streaming.stop(addressOf(body));
    return { status: 202 };
  }),
  onConnectedLeg(':startTranscription', transcriptionBody, (leg, { body }) => {
    const transcription = transcriptionOf(leg);
    if (transcription.isOpen) throw wrongState('transcription is active.');
    if (body.locale !== undefined) transcription.locale = body.locale;
    void transcription.start(addressOf(body));
    return { status: 202 };
  }),
  onConnectedLeg(':updateTranscription', transcriptionBody, (leg, { body }) => {
    const transcription = transcriptionOf(leg);
    if (!transcription.isOpen) throw wrongState('transcription is not active.');
    transcription.update(body.locale ?? transcription.locale, addressOf(body));
    return { status: 202 };
  }),
  onConnectedLeg(':stopTranscription', operationBody, (leg, { body }) => {
    const transcription = transcriptionOf(leg);
    if (!transcription.isOpen) throw wrongState('transcription is not active.');
    transcription.stop(addressOf(body));
    return { status: 202 };
  }),
];

function transcriptionOf(leg: Leg): Transcription {
  if (!leg.transcription) throw notConfigured('transcriptionOptions');
  return leg.transcription;
}
