import { randomUUID } from 'node:crypto';
import { CallbackLog } from '../callbacks.ts';
import { cloudEvent, serviceTime } from '../cloud-event.ts';
import type { Conversation } from '../conversation.ts';
import type { Exchange } from '../exchange.ts';
import { gridEvent } from '../grid-event.ts';
import { AcsError, invalidArgument } from '../rest/acs-error.ts';
import { recordingBody } from '../rest/bodies.ts';
import type { Operation, Reply } from '../rest/operation.ts';
import { bare, post } from '../rest/operation.ts';
import { locate } from './locate.ts';

type State = 'active' | 'inactive';

/** A recording of a conversation: its states are told to the app, its audio is not kept (the SDK could not fetch it anyway). */
export class Recording {
  readonly id = randomUUID();
  readonly conversation: Conversation;
  state: State;
  readonly #exchange: Exchange;
  readonly #callbackUri: string | undefined;
  readonly #apiVersion: string;
  readonly #startDateTime = serviceTime();
  readonly #startedMs = Date.now();
  readonly #log = new CallbackLog();

  constructor(
    exchange: Exchange,
    conversation: Conversation,
    state: State,
    callbackUri: string | undefined,
    apiVersion: string,
  ) {
    this.#exchange = exchange;
    this.conversation = conversation;
    this.state = state;
    this.#callbackUri = callbackUri;
    this.#apiVersion = apiVersion;
    exchange.recordings.set(this.id, this);
    this.#tell();
  }

  change(state: State): void {
    this.state = state;
    this.#tell();
  }

  /** Ends it; later the resource's subscribers learn where the file is. */
  stop(): void {
    this.change('inactive');
    this.#exchange.recordings.delete(this.id);
    const { correlationId, serverCallId } = this.conversation;
    const event = gridEvent('RecordingFileStatusUpdated', `/recording/call/${serverCallId}/recordingId/${this.id}`, {
      recordingStorageInfo: { recordingChunks: [] },
      recordingStartTime: this.#startDateTime,
      recordingDurationMs: Date.now() - this.#startedMs,
      sessionEndReason: 'CallEnded',
    });
    this.#exchange.log(`recording ${this.id} of ${correlationId} ended`);
    this.#exchange.grid.deliver([event]);
  }

  conversationEnded(conversation: Conversation): void {
    if (conversation === this.conversation) this.stop();
  }

  reply(status: number): Reply {
    const body = { recordingId: this.id, recordingState: this.state, recordingKind: 'azureCommunicationServices' };
    return { status, correlationId: this.conversation.correlationId, body };
  }

  #tell(): void {
    if (this.#callbackUri === undefined) return;
    const { serverCallId, correlationId, legs } = this.conversation;
    const subject = `calling/recordings/${serverCallId}/recordingId/${this.id}`;
    const event = cloudEvent('RecordingStateChanged', `${subject}/RecordingStateChanged`, subject, {
      recordingId: this.id,
      state: this.state,
      startDateTime: this.#startDateTime,
      recordingKind: 'azureCommunicationServices',
      version: this.#apiVersion,
      callConnectionId: [...legs][0]?.id ?? '',
      serverCallId,
      correlationId,
    });
    this.#exchange.poster.post(this.#log, this.#callbackUri, event);
  }
}

export const recordingOperations: Operation[] = [
  post('/calling/recordings', recordingBody, ({ exchange, body, apiVersion }) => {
    const { callConnectionId, callLocator } = body;
    if ((callConnectionId === undefined) === (callLocator === undefined)) {
      throw invalidArgument('Give either CallLocator or CallConnectionId.');
    }
    const conversation = callLocator
      ? locate(exchange, callLocator)
      : exchange.leg(callConnectionId ?? '').conversation;
    const state = body.pauseOnStart ? 'inactive' : 'active';
    return new Recording(exchange, conversation, state, body.recordingStateCallbackUri, apiVersion).reply(200);
  }),
  bare('GET', '/calling/recordings/{}', ({ exchange, params }) => find(exchange, params[0]).reply(200)),
  bare('POST', '/calling/recordings/{}:pause', ({ exchange, params }) => {
    find(exchange, params[0]).change('inactive');
    return { status: 202 };
  }),
  bare('POST', '/calling/recordings/{}:resume', ({ exchange, params }) => {
    find(exchange, params[0]).change('active');
    return { status: 202 };
  }),
  bare('DELETE', '/calling/recordings/{}', ({ exchange, params }) => {
    find(exchange, params[0]).stop();
    return { status: 204 };
  }),
];

function find(exchange: Exchange, id: string | undefined): Recording {
  const recording = exchange.recordings.get(id ?? '');
  if (!recording) throw new AcsError(404, '8522', 'Recording not found.');
  return recording;
}
