/** One call connection of the app: its callback address, its state, its media and its callbacks. */
import { randomUUID } from 'node:crypto';
import { Alarms } from './alarms.ts';
import type { CallbackPoster, PostOptions } from './callbacks.ts';
import { CallbackLog } from './callbacks.ts';
import type { ResultInformation } from './cloud-event.ts';
import { cloudEvent } from './cloud-event.ts';
import type { Conversation } from './conversation.ts';
import type { Identifier } from './identifiers.ts';
import type { MediaStream } from './media/media-stream.ts';
import type { Recorder } from './media/recorder.ts';
import type { Streaming } from './media/streaming.ts';
import type { Transcription } from './media/transcription.ts';
import { MediaOperations } from './operations/media-operations.ts';

export type LegState = 'unknown' | 'connecting' | 'connected' | 'transferring' | 'transferAccepted' | 'disconnected';

export interface LegSetup {
  self: Identifier;
  callbackUri: string;
  operationContext: string | undefined;
  /** `api-version` of the request that made the leg; the service repeats it as `data.version`. */
  apiVersion: string;
  state: LegState;
  source?: Identifier;
  targets: Identifier[];
  sourceCallerIdNumber?: { value: string };
  sourceDisplayName?: string;
  answeredBy?: { id: string };
  answeredFor?: { value: string };
  cognitiveServicesEndpoint?: string;
}

export interface TellOptions {
  result?: ResultInformation;
  /** Context of the operation. */
  context?: string | undefined;
  /** The operation's own callback address. */
  to?: string | undefined;
  post?: PostOptions;
}

export class Leg {
  readonly id = randomUUID();
  readonly conversation: Conversation;
  readonly setup: LegSetup;
  readonly alarms = new Alarms();
  readonly callbacks = new CallbackLog();
  readonly operations: MediaOperations;
  /** What the app was sent, from the moment media opened. */
  readonly heard: Recorder;
  readonly createdAt = new Date().toISOString();
  readonly #poster: CallbackPoster;
  state: LegState;
  endedAt: string | undefined;
  endedBy: string | undefined;
  streaming: Streaming | undefined;
  transcription: Transcription | undefined;
  /** Sequence of continuous DTMF recognition; undefined while it is off. */
  dtmfRecognition: { of: string; context: string | undefined; sequence: number } | undefined;
  /** Invitations under way, by id. */
  readonly invitations = new Map<string, { cancel(): boolean }>();

  constructor(conversation: Conversation, setup: LegSetup, poster: CallbackPoster, heard: Recorder) {
    this.conversation = conversation;
    this.setup = setup;
    this.state = setup.state;
    this.#poster = poster;
    this.heard = heard;
    this.operations = new MediaOperations();
    conversation.legs.add(this);
  }

  get self(): Identifier {
    return this.setup.self;
  }

  get stream(): MediaStream | undefined {
    return this.streaming?.stream;
  }

  get isLive(): boolean {
    return this.state !== 'disconnected';
  }

  /** Posts the event `name` to the app. */
  tell(name: string, extra: Record<string, unknown> = {}, options: TellOptions = {}): void {
    const path = `calling/callConnections/${this.id}`;
    const event = cloudEvent(name, path, path, this.commonFields(extra, options));
    this.#poster.post(this.callbacks, options.to ?? this.setup.callbackUri, event, options.post);
  }

  /** Posts the list of everybody. */
  tellParticipants(): void {
    const { conversation } = this;
    this.tell('ParticipantsUpdated', {
      participants: conversation.everyone(),
      sequenceNumber: conversation.nextSequence(),
    });
  }

  commonFields(extra: Record<string, unknown>, options: TellOptions): Record<string, unknown> {
    return {
      ...extra,
      ...(options.context === undefined ? {} : { operationContext: options.context }),
      resultInformation: options.result ?? { code: 200, subCode: 0, message: '' },
      version: this.setup.apiVersion,
      callConnectionId: this.id,
      serverCallId: this.conversation.serverCallId,
      correlationId: this.conversation.correlationId,
    };
  }

  /** `CallConnectionProperties` as the REST API shows them. */
  properties(): Record<string, unknown> {
    const { setup, conversation } = this;
    const isDialling = this.state === 'connecting' && setup.answeredBy === undefined;
    return {
      callConnectionId: this.id,
      ...(isDialling ? {} : { serverCallId: conversation.serverCallId }),
      targets: setup.targets,
      callConnectionState: this.state,
      callbackUri: setup.callbackUri,
      ...(setup.sourceCallerIdNumber ? { sourceCallerIdNumber: setup.sourceCallerIdNumber } : {}),
      sourceDisplayName: setup.sourceDisplayName ?? '',
      ...(setup.source ? { source: setup.source } : {}),
      correlationId: conversation.correlationId,
      ...(setup.answeredBy ? { answeredBy: setup.answeredBy } : {}),
      ...(setup.answeredFor ? { answeredFor: setup.answeredFor } : {}),
      ...(this.streaming ? { mediaStreamingSubscription: this.streaming.subscription() } : {}),
      ...(this.transcription ? { transcriptionSubscription: this.transcription.subscription() } : {}),
    };
  }
}
