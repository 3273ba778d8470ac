import { z } from 'zod';

/**
 * What ACS reports while a call lasts: one table of every event there is, with what each carries. The SDK's parser is not
 * asked, because it reads only the first of a batch and throws on names it does not know, and ACS adds names unasked.
 * What is said here of callers (numbers, keys, words) goes to handlers and never to a log line.
 */
const prefix = 'Microsoft.Communication.';

/** A participant as ACS names one: always by `rawId`, and by number where there is one. */
const identifier = z.object({
  rawId: z.string().optional(),
  kind: z.string().optional(),
  phoneNumber: z.object({ value: z.string(), isAnonymous: z.boolean().optional() }).optional(),
});

const participants = z.array(
  z.object({ identifier: identifier.optional(), isMuted: z.boolean().optional(), isOnHold: z.boolean().optional() }),
);
const confidence = z.number().optional();
const mediaStreaming = z.object({
  mediaStreamingUpdate: z
    .object({
      contentType: z.string().optional(),
      mediaStreamingStatus: z.string().optional(),
      mediaStreamingStatusDetails: z.string().optional(),
    })
    .optional(),
});
const transcription = z.object({
  transcriptionUpdate: z
    .object({ transcriptionStatus: z.string().optional(), transcriptionStatusDetails: z.string().optional() })
    .optional(),
});
const about = z.object({ participant: identifier.optional() });
const moved = about.extend({ fromCall: z.string().optional() });
const invitation = z.object({ invitationId: z.string().optional() });
const nothing = z.object({});

/** By name, what an event carries besides what all carry. Required is only what the event means nothing without. */
const kinds = {
  CallConnected: z.object({ callConnectionId: z.string().min(1) }),
  CallDisconnected: nothing,
  AnswerFailed: nothing,
  CreateCallFailed: nothing,
  ConnectFailed: nothing,
  ParticipantsUpdated: z.object({ participants, sequenceNumber: z.number().int() }),
  AddParticipantSucceeded: about,
  AddParticipantFailed: about,
  RemoveParticipantSucceeded: about,
  RemoveParticipantFailed: about,
  MoveParticipantSucceeded: moved,
  MoveParticipantFailed: moved,
  CancelAddParticipantSucceeded: invitation,
  CancelAddParticipantFailed: invitation,
  CallTransferAccepted: z.object({ transferee: identifier.optional(), transferTarget: identifier.optional() }),
  CallTransferFailed: nothing,
  PlayStarted: nothing,
  PlayCompleted: nothing,
  PlayFailed: z.object({ failedPlaySourceIndex: z.number().int().optional() }),
  PlayCanceled: nothing,
  RecognizeCompleted: z.object({
    recognitionType: z.string(),
    dtmfResult: z.object({ tones: z.array(z.string()).optional() }).optional(),
    choiceResult: z
      .object({ label: z.string().optional(), recognizedPhrase: z.string().optional(), confidence })
      .optional(),
    speechResult: z.object({ speech: z.string().optional(), confidence }).optional(),
  }),
  RecognizeFailed: z.object({ failedPlaySourceIndex: z.number().int().optional() }),
  RecognizeCanceled: nothing,
  ContinuousDtmfRecognitionToneReceived: z.object({ sequenceId: z.number().int(), tone: z.string().min(1) }),
  ContinuousDtmfRecognitionToneFailed: nothing,
  ContinuousDtmfRecognitionStopped: nothing,
  SendDtmfTonesCompleted: nothing,
  SendDtmfTonesFailed: nothing,
  HoldFailed: nothing,
  MediaStreamingStarted: mediaStreaming,
  MediaStreamingStopped: mediaStreaming,
  MediaStreamingFailed: mediaStreaming,
  TranscriptionStarted: transcription,
  TranscriptionStopped: transcription,
  TranscriptionUpdated: transcription,
  TranscriptionFailed: transcription,
  RecordingStateChanged: z.object({
    recordingId: z.string().min(1),
    state: z.string(),
    startDateTime: z.string().optional(),
    recordingKind: z.string().optional(),
  }),
  StartRecordingFailed: z.object({ recordingId: z.string().optional() }),
} as const satisfies Record<string, z.ZodObject>;

type Kinds = typeof kinds;
export type AcsEventName = keyof Kinds;

/** Every event ACS documents for a call. */
export const acsEventNames = Object.keys(kinds) as readonly AcsEventName[];

const names: ReadonlySet<string> = new Set(acsEventNames);

/** Whether an event of this type is one that ACS reports of a call. */
export function isAcsEventType(type: string): boolean {
  return type.startsWith(prefix) && names.has(type.slice(prefix.length));
}

interface Common {
  /** The same however often the event is delivered. */
  id: string;
  /** Epoch milliseconds at which it happened, as ACS says. */
  at: number;
  correlationId: string;
  callConnectionId?: string;
  /** What the operation that ends with this event was asked with. */
  context?: string;
  /** Old versions of ACS leave it out: zeros. */
  result: { code: number; subCode: number };
}

/** The event of one name. */
export type AcsEventOf<N extends AcsEventName> = { [K in N]: { name: K } & Common & z.output<Kinds[K]> }[N];
export type AcsEvent = AcsEventOf<AcsEventName>;

export type ReadEvent =
  | { kind: 'known'; event: AcsEvent }
  | { kind: 'unknown'; name: string }
  | { kind: 'malformed'; name: string };

const named = z.object({ type: z.string() });
const envelope = z.object({
  id: z.string().min(1),
  time: z.string().optional(),
  data: z.looseObject({
    correlationId: z.string().min(1),
    callConnectionId: z.string().nullish(),
    operationContext: z.string().nullish(),
    resultInformation: z.object({ code: z.number().int().default(0), subCode: z.number().int().default(0) }).nullish(),
  }),
});

/** @param now epoch milliseconds; an event without a usable time happened now, and none happened later than now. */
export function acsEventOf(line: unknown, now: number): ReadEvent {
  const typed = named.safeParse(line);
  if (!typed.success) return { kind: 'malformed', name: '' };
  const { type } = typed.data;
  const name = type.startsWith(prefix) ? type.slice(prefix.length) : type;
  if (!isAcsEventType(type)) return { kind: 'unknown', name };
  const read = envelope.safeParse(line);
  if (!read.success) return { kind: 'malformed', name };
  const { id, time, data } = read.data;
  const own = kinds[name as AcsEventName].safeParse(data);
  if (!own.success) return { kind: 'malformed', name };
  const { correlationId, callConnectionId, operationContext, resultInformation } = data;
  const event = {
    ...own.data,
    ...{ name, id, correlationId, at: happenedAt(time, now) },
    ...(callConnectionId && { callConnectionId }),
    ...(operationContext && { context: operationContext }),
    result: resultInformation ?? { code: 0, subCode: 0 },
  };
  return { kind: 'known', event: event as AcsEvent };
}

function happenedAt(time: string | undefined, now: number): number {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? now : Math.min(at, now);
}
