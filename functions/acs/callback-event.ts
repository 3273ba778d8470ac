import { z } from 'zod';
import type { LifeEvent } from '../../contracts/call-life.ts';

/**
 * What ACS reports while a call lasts, read by our own table: the SDK's parser returns only the first of a batch and
 * throws on names it does not know, and ACS adds names without asking.
 */
const prefix = 'Microsoft.Communication.';

const envelope = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  time: z.string().optional(),
  data: z.looseObject({ correlationId: z.string().min(1) }),
});

const result = z
  .object({ resultInformation: z.object({ code: z.number().int(), subCode: z.number().int() }).optional() })
  .transform(({ resultInformation }) => resultInformation ?? { code: 0, subCode: 0 });
const connection = z.object({ callConnectionId: z.string().min(1) });
const participants = z.object({ participants: z.array(z.unknown()), sequenceNumber: z.number().int() });

type Meaning = (data: unknown, at: number) => LifeEvent | undefined;

/** The call's life does not depend on these; they are known so that they are not taken for news. */
const noMatter: Meaning = () => undefined;

const meanings: Readonly<Record<string, Meaning>> = {
  CallConnected: (data, at) => ({ type: 'connected', ...connection.parse(data), at }),
  CallDisconnected: (data, at) => ({ type: 'disconnected', ...result.parse(data), at }),
  AnswerFailed: (data, at) => ({ type: 'answer-failed', ...result.parse(data), at }),
  ParticipantsUpdated: (data, at) => {
    const { participants: all, sequenceNumber } = participants.parse(data);
    return { type: 'participants', sequence: sequenceNumber, count: all.length, at };
  },
  MediaStreamingStarted: (_, at) => ({ type: 'streaming-started', at }),
  MediaStreamingFailed: (data, at) => ({ type: 'streaming-failed', ...result.parse(data), at }),
  MediaStreamingStopped: noMatter,
  CreateCallFailed: noMatter,
  ConnectFailed: noMatter,
  AddParticipantSucceeded: noMatter,
  AddParticipantFailed: noMatter,
  RemoveParticipantSucceeded: noMatter,
  RemoveParticipantFailed: noMatter,
  MoveParticipantSucceeded: noMatter,
  MoveParticipantFailed: noMatter,
  CancelAddParticipantSucceeded: noMatter,
  CancelAddParticipantFailed: noMatter,
  CallTransferAccepted: noMatter,
  CallTransferFailed: noMatter,
  PlayStarted: noMatter,
  PlayCompleted: noMatter,
  PlayFailed: noMatter,
  PlayCanceled: noMatter,
  RecognizeCompleted: noMatter,
  RecognizeFailed: noMatter,
  RecognizeCanceled: noMatter,
  ContinuousDtmfRecognitionToneReceived: noMatter,
  ContinuousDtmfRecognitionToneFailed: noMatter,
  ContinuousDtmfRecognitionStopped: noMatter,
  SendDtmfTonesCompleted: noMatter,
  SendDtmfTonesFailed: noMatter,
  HoldFailed: noMatter,
  TranscriptionStarted: noMatter,
  TranscriptionStopped: noMatter,
  TranscriptionUpdated: noMatter,
  TranscriptionFailed: noMatter,
  RecordingStateChanged: noMatter,
  StartRecordingFailed: noMatter,
};

/** Every event type ACS documents for a call. */
export const callbackEventTypes: ReadonlySet<string> = new Set(Object.keys(meanings).map(name => prefix + name));

export type CallbackEvent =
  | { kind: 'known'; id: string; name: string; correlationId: string; life: LifeEvent | undefined }
  | { kind: 'unknown'; name: string }
  | { kind: 'malformed'; name: string };

/** @param now epoch milliseconds; an event without a usable time happened now, and none happened later than now. */
export function callbackEventOf(line: unknown, now: number): CallbackEvent {
  const named = z.object({ type: z.string() }).safeParse(line);
  const type = named.success ? named.data.type : '';
  const name = type.startsWith(prefix) ? type.slice(prefix.length) : type;
  const meaning = callbackEventTypes.has(type) ? meanings[name] : undefined;
  if (!meaning) return { kind: named.success ? 'unknown' : 'malformed', name };
  const event = envelope.safeParse(line);
  if (!event.success) return { kind: 'malformed', name };
  try {
    const { id, time, data } = event.data;
    return {
      kind: 'known',
      id,
      name,
      correlationId: data.correlationId,
      life: meaning(data, happenedAt(time, now)),
    };
  } catch (error) {
    if (error instanceof z.ZodError) return { kind: 'malformed', name };
    throw error;
  }
}

function happenedAt(time: string | undefined, now: number): number {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? now : Math.min(at, now);
}
