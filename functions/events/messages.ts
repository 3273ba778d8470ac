import type { ControlMessage } from '../../contracts/control.ts';
import type { AcsEvent, AcsEventName, AcsEventOf } from '../acs/acs-event.ts';
import { toneKey } from '../acs/tone-key.ts';
import type { CallMessage } from '../call-message.ts';

/**
 * What an event of ACS means for the orchestration of its call, or for the conversation. The compiler asks for an answer
 * for each event there is; `undefined` is one. Tones never reach the orchestration: a talkative keypad would fill its
 * history, which is also no place for a PIN.
 */
type Told = CallMessage extends infer M ? (M extends CallMessage ? Omit<M, 'id' | 'from' | 'at'> : never) : never;
type Ended = Extract<CallMessage, { type: 'order-ended' }>;
type Meaning<N extends AcsEventName> = (event: AcsEventOf<N>) => Told | undefined;

const nothing = (): undefined => undefined;

/** How an order of ours ended. Whatever was asked without a context was not asked by the orchestration. */
const ends =
  (end: Ended['end']) =>
  ({ context, result }: AcsEvent): Told | undefined =>
    context === undefined ? undefined : { type: 'order-ended', context, end, ...result };

const answerFailed = ({ result }: AcsEvent): Told => ({ type: 'answer-failed', ...result });

const meanings: { readonly [N in AcsEventName]: Meaning<N> } = {
  CallConnected: ({ callConnectionId }) => ({ type: 'connected', callConnectionId }),
  CallDisconnected: ({ result }) => ({ type: 'disconnected', ...result }),
  AnswerFailed: answerFailed,
  CreateCallFailed: answerFailed,
  ConnectFailed: answerFailed,
  ParticipantsUpdated: ({ participants, sequenceNumber }) => ({
    type: 'participants',
    sequence: sequenceNumber,
    count: participants.length,
  }),
  AddParticipantSucceeded: ends('succeeded'),
  AddParticipantFailed: ends('failed'),
  RemoveParticipantSucceeded: ends('succeeded'),
  RemoveParticipantFailed: ends('failed'),
  MoveParticipantSucceeded: ends('succeeded'),
  MoveParticipantFailed: ends('failed'),
  CancelAddParticipantSucceeded: ends('succeeded'),
  CancelAddParticipantFailed: ends('failed'),
  CallTransferAccepted: ends('succeeded'),
  CallTransferFailed: ends('failed'),
  PlayStarted: nothing,
  PlayCompleted: ends('succeeded'),
  PlayFailed: ends('failed'),
  PlayCanceled: ends('cancelled'),
  RecognizeCompleted: recognised,
  RecognizeFailed: ends('failed'),
  RecognizeCanceled: ends('cancelled'),
  ContinuousDtmfRecognitionToneReceived: nothing,
  ContinuousDtmfRecognitionToneFailed: ends('failed'),
  ContinuousDtmfRecognitionStopped: ends('succeeded'),
  SendDtmfTonesCompleted: ends('succeeded'),
  SendDtmfTonesFailed: ends('failed'),
  HoldFailed: ends('failed'),
  MediaStreamingStarted: () => ({ type: 'streaming-started' }),
  MediaStreamingStopped: ({ result }) => ({ type: 'streaming-stopped', ...result }),
  MediaStreamingFailed: ({ result }) => ({ type: 'streaming-failed', ...result }),
  TranscriptionStarted: ends('succeeded'),
  TranscriptionStopped: ends('succeeded'),
  TranscriptionUpdated: ends('succeeded'),
  TranscriptionFailed: ends('failed'),
  RecordingStateChanged: ({ recordingId, state }) =>
    state === 'active' || state === 'inactive' ? { type: 'recording', recordingId, state } : undefined,
  StartRecordingFailed: ends('failed'),
};

/** What the orchestration of the call is told, or undefined when nothing changes for it. */
export function callMessageOf(event: AcsEvent): CallMessage | undefined {
  const { id, at, name } = event;
  const told = (meanings[name] as Meaning<AcsEventName>)(event);
  return told && ({ id, from: 'acs', at, ...told } as CallMessage);
}

/** A choice's label, or the keys: which of them counts is said by the type, and old events carry both. */
function recognised(event: AcsEventOf<'RecognizeCompleted'>): Told | undefined {
  const ended = ends('succeeded')(event);
  const { recognitionType, choiceResult, dtmfResult } = event;
  if (!ended || recognitionType === 'speech') return ended;
  const label = recognitionType === 'choices' ? choiceResult?.label : undefined;
  const tones = recognitionType === 'dtmf' ? keys(dtmfResult?.tones ?? []) : undefined;
  return { ...ended, ...(label !== undefined && { label }), ...(tones !== undefined && { tones }) } as Told;
}

/** What the media host is told of a key the caller pressed; undefined for a key no telephone has. */
export function toneOf(event: AcsEventOf<'ContinuousDtmfRecognitionToneReceived'>): ControlMessage | undefined {
  const { id, at, tone, sequenceId } = event;
  const key = toneKey(tone);
  return key === undefined ? undefined : { do: 'tone', id, at, tone: key, sequence: sequenceId };
}

const keys = (words: readonly string[]): string => words.map(word => toneKey(word) ?? '').join('');
