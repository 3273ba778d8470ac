/**
 * What request bodies must look like. The SDK does not enforce the ranges it declares, so they are enforced here, as the
 * service does; the strict form of every schema also refuses fields nobody defined.
 */
import { z } from 'zod';
import type { Identifier } from '../identifiers.ts';
import { completeIdentifier } from '../identifiers.ts';
import { toneWords } from '../phone/tones.ts';

/** A schema in two strengths; both give the same type. */
export interface Body<T> {
  lenient: z.ZodType<T>;
  strict: z.ZodType<T>;
}

type ObjectMaker = typeof z.object;

function body<T>(make: (object: ObjectMaker) => z.ZodType<T>): Body<T> {
  return { lenient: make(z.object), strict: make(z.strictObject as unknown as ObjectMaker) };
}

const text = z.string().optional();
const words = z.record(z.string(), z.string()).optional();
const tone = z.string().refine(word => toneWords.includes(word), `must be one of ${toneWords.join(', ')}`);
const operation = { operationContext: text, operationCallbackUri: text };

function identifier(object: ObjectMaker): z.ZodType<Identifier> {
  const named = z.record(z.string(), z.unknown()).optional();
  return object({
    kind: text,
    rawId: text,
    communicationUser: named,
    phoneNumber: named,
    microsoftTeamsUser: named,
    microsoftTeamsApp: named,
    teamsExtensionUser: named,
  }).transform((model, context): Identifier => {
    const whole = completeIdentifier(model);
    if (whole) return whole;
    context.addIssue('names nobody');
    return z.NEVER;
  });
}

const phoneNumber = (object: ObjectMaker) =>
  object({ value: z.string(), isAnonymous: z.boolean().optional(), assertedId: text }).optional();

function callSettings(object: ObjectMaker) {
  return {
    callbackUri: z.string(),
    operationContext: text,
    callIntelligenceOptions: object({ cognitiveServicesEndpoint: text }).optional(),
    mediaStreamingOptions: object({
      kind: text,
      transportType: z.literal('websocket'),
      transportUrl: text,
      contentType: z.literal('audio').optional(),
      audioChannelType: z.enum(['mixed', 'unmixed']),
      startMediaStreaming: z.boolean().optional(),
      enableBidirectional: z.boolean().optional(),
      audioFormat: z
        .string()
        .refine(format => /^pcm(16|24)kmono$/i.test(format), 'must be Pcm16KMono or Pcm24KMono')
        .optional(),
      enableDtmfTones: z.boolean().optional(),
    }).optional(),
    transcriptionOptions: object({
      kind: text,
      transportType: z.literal('websocket'),
      transportUrl: text,
      locale: z.string(),
      speechModelEndpointId: text,
      startTranscription: z.boolean().optional(),
      enableIntermediateResults: z.boolean().optional(),
    }).optional(),
  };
}

function playSource(object: ObjectMaker) {
  return object({
    kind: z.enum(['file', 'text', 'ssml']),
    playSourceCacheId: text,
    file: object({ uri: z.string() }).optional(),
    text: object({
      text: z.string().min(1),
      sourceLocale: text,
      voiceKind: text,
      voiceName: text,
      customVoiceEndpointId: text,
    }).optional(),
    ssml: object({ ssmlText: z.string().min(1), customVoiceEndpointId: text }).optional(),
  }).refine(source => source[source.kind] !== undefined, 'has no content of its kind');
}

const callingContext = (object: ObjectMaker) =>
  object({ voipHeaders: words, sipHeaders: words, teamsPhoneCallDetails: z.unknown().optional() }).optional();

const callLocator = (object: ObjectMaker) =>
  object({ kind: z.string(), serverCallId: text, groupCallId: text, roomId: text });

export const answerBody = body(object =>
  object({
    ...callSettings(object),
    incomingCallContext: z.string().min(1),
    answeredBy: object({ id: z.string() }).optional(),
  }),
);

export const createBody = body(object =>
  object({
    ...callSettings(object),
    targets: z.array(identifier(object)).min(1),
    sourceCallerIdNumber: phoneNumber(object),
    sourceDisplayName: text,
    source: object({ id: z.string() }).optional(),
    teamsAppSource: z.unknown().optional(),
  }),
);

export const connectBody = body(object => object({ ...callSettings(object), callLocator: callLocator(object) }));

export const rejectBody = body(object =>
  object({
    incomingCallContext: z.string().min(1),
    callRejectReason: z.enum(['none', 'busy', 'forbidden']).optional(),
  }),
);

export const redirectBody = body(object =>
  object({ incomingCallContext: z.string().min(1), target: identifier(object) }),
);

export const transferBody = body(object =>
  object({
    ...operation,
    targetParticipant: identifier(object),
    transferee: identifier(object).optional(),
    sourceCallerIdNumber: phoneNumber(object),
    customCallingContext: callingContext(object),
  }),
);

export const addBody = body(object =>
  object({
    ...operation,
    participantToAdd: identifier(object),
    sourceCallerIdNumber: phoneNumber(object),
    sourceDisplayName: text,
    invitationTimeoutInSeconds: z.number().min(0).max(180).optional(),
    customCallingContext: callingContext(object),
  }),
);

export const cancelAddBody = body(object => object({ ...operation, invitationId: z.string() }));
export const removeBody = body(object => object({ ...operation, participantToRemove: identifier(object) }));
export const muteBody = body(object =>
  object({ operationContext: text, targetParticipants: z.array(identifier(object)).length(1) }),
);
export const moveBody = body(object =>
  object({ ...operation, targetParticipants: z.array(identifier(object)).min(1), fromCall: z.string() }),
);

export const playBody = body(object =>
  object({
    ...operation,
    playSources: z.array(playSource(object)).min(1),
    playTo: z.array(identifier(object)).optional(),
    interruptCallMediaOperation: z.boolean().optional(),
    playOptions: object({ loop: z.boolean() }).optional(),
  }),
);

export const recognizeBody = body(object =>
  object({
    ...operation,
    recognizeInputType: z.enum(['dtmf', 'choices', 'speech', 'speechOrDtmf']),
    playPrompt: playSource(object).optional(),
    playPrompts: z.array(playSource(object)).optional(),
    interruptCallMediaOperation: z.boolean().optional(),
    recognizeOptions: object({
      interruptPrompt: z.boolean().optional(),
      initialSilenceTimeoutInSeconds: z.number().min(0).max(300).optional(),
      targetParticipant: identifier(object),
      speechLanguage: text,
      speechRecognitionModelEndpointId: text,
      dtmfOptions: object({
        interToneTimeoutInSeconds: z.number().min(1).max(60).optional(),
        maxTonesToCollect: z.number().int().min(1).optional(),
        stopTones: z.array(tone).optional(),
      }).optional(),
      choices: z.array(object({ label: z.string(), phrases: z.array(z.string()), tone: tone.optional() })).optional(),
      speechOptions: object({ endSilenceTimeoutInMs: z.number().min(0).optional() }).optional(),
    }),
  }),
);

export const targetBody = body(object => object({ ...operation, targetParticipant: identifier(object) }));
export const holdBody = body(object =>
  object({ ...operation, targetParticipant: identifier(object), playSourceInfo: playSource(object).optional() }),
);
export const sendTonesBody = body(object =>
  object({ ...operation, tones: z.array(tone).min(1).max(18), targetParticipant: identifier(object) }),
);
export const operationBody = body(object => object(operation));
export const transcriptionBody = body(object => object({ ...operation, locale: text, speechModelEndpointId: text }));

export const recordingBody = body(object =>
  object({
    callLocator: callLocator(object).optional(),
    callConnectionId: text,
    recordingStateCallbackUri: text,
    recordingContentType: z.enum(['audio', 'audioVideo']).optional(),
    recordingChannelType: z.enum(['mixed', 'unmixed']).optional(),
    recordingFormatType: z.enum(['wav', 'mp3', 'mp4']).optional(),
    audioChannelParticipantOrdering: z.array(identifier(object)).optional(),
    channelAffinity: z
      .array(object({ channel: z.number().int().min(0).max(4).optional(), participant: identifier(object) }))
      .optional(),
    pauseOnStart: z.boolean().optional(),
    externalStorage: object({ recordingStorageKind: z.string(), recordingDestinationContainerUrl: text }).optional(),
  }),
);

export type CallSettings = z.infer<(typeof answerBody)['strict']>;
export type PlaySource = z.infer<(typeof playBody)['strict']>['playSources'][number];
