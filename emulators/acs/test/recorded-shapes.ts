/**
 * The keys of payloads the real service sent, per event, as recorded by the live tests of Azure/azure-sdk-for-js,
 * -python and -net. Values are not kept; `?` marks keys that are there only when the request gave a value.
 */
const common = ['callConnectionId', 'correlationId', 'publicEventType', 'resultInformation', 'serverCallId', 'version'];
const context = 'operationContext?';

export const recordedDataKeys: Record<string, string[]> = {
  CallConnected: [...common, context],
  CallDisconnected: [...common, context],
  ParticipantsUpdated: [...common, 'participants', 'sequenceNumber'],
  PlayStarted: [...common, context],
  PlayCompleted: [...common, context],
  PlayCanceled: [...common, context],
  PlayFailed: [...common, context, 'failedPlaySourceIndex'],
  RecognizeFailed: [...common, context],
  SendDtmfTonesCompleted: [...common, context],
  ContinuousDtmfRecognitionStopped: [...common, context],
  RemoveParticipantSucceeded: [...common, context, 'participant'],
  MediaStreamingStarted: [...common, context, 'mediaStreamingUpdate'],
  MediaStreamingStopped: [...common, context, 'mediaStreamingUpdate'],
  TranscriptionStarted: [...common, context, 'transcriptionUpdate'],
};

/** Keys of every callback's envelope. */
export const recordedEnvelopeKeys = [
  'data',
  'datacontenttype',
  'id',
  'source',
  'specversion',
  'subject',
  'time',
  'type',
];

/** Keys of a person in `participants`, and of an identifier that is a phone number. */
export const recordedParticipantKeys = ['identifier', 'isMuted', 'isOnHold'];

/** Reply of createCall while connecting, and of answerCall. */
export const recordedCreateReply = [
  'callConnectionId',
  'callConnectionState',
  'callbackUri',
  'correlationId',
  'source',
  'sourceDisplayName',
  'targets',
];
export const recordedAnswerReply = [...recordedCreateReply, 'answeredBy', 'serverCallId'];
