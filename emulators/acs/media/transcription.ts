/**
 * Real-time transcription of a leg over its own socket. The stand-in hears no words: tests say what was spoken through
 * the admin route, and the app gets it in the service's shape.
 */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Leg } from '../leg.ts';
import { completed, noCognitiveServices, noWebSocket } from '../results.ts';
import { dial } from './dial.ts';
import type { MediaDeps, OperationAddress } from './streaming.ts';

const tokenLifetimeS = 24 * 3600;
/** .NET ticks (100 ns) between year 1 and 1970. */
const ticksBefore1970 = 621_355_968_000_000_000n;

export interface TranscriptionSetup {
  url: string;
  locale: string;
  autoStart: boolean;
}

export class Transcription {
  readonly setup: TranscriptionSetup;
  locale: string;
  readonly #leg: Leg;
  readonly #deps: MediaDeps;
  readonly #id = randomUUID();
  #socket: WebSocket | undefined;

  constructor(leg: Leg, setup: TranscriptionSetup, deps: MediaDeps) {
    this.#leg = leg;
    this.setup = setup;
    this.locale = setup.locale;
    this.#deps = deps;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  subscription(): Record<string, unknown> {
    const state = this.isOpen ? 'active' : 'inactive';
    return { id: this.#id, state, subscribedResultStates: ['final'], locale: this.locale };
  }

  async start(address: OperationAddress): Promise<void> {
    const { faults, tokens, closing } = this.#deps;
    const isConfigured = this.#leg.setup.cognitiveServicesEndpoint !== undefined;
    if (!isConfigured || faults.cognitiveServices === 'missing') {
      return this.#tell('Failed', 'speechServicesConnectionError', { ...address, result: noCognitiveServices });
    }
    const authorization = await tokens.authorization(tokenLifetimeS, faults.mediaToken);
    const headers = {
      ...(authorization ? { authorization } : {}),
      'x-ms-call-connection-id': this.#leg.id,
      'x-ms-call-correlation-id': this.#leg.conversation.correlationId,
    };
    const metadata = JSON.stringify({ kind: 'TranscriptionMetadata', transcriptionMetadata: this.#metadata() });
    const { isOpen } = await dial(this.setup.url, headers, faults.mediaDialTimeoutMs, closing.signal, socket => {
      this.#socket = socket;
      socket.on('close', () => {
        if (this.#socket === socket) this.#socket = undefined;
      });
      socket.send(metadata);
    });
    if (!this.#leg.isLive) this.close();
    else if (isOpen) this.#tell('Started', 'subscriptionStarted', { ...address, result: completed });
    else this.#tell('Failed', 'streamConnectionUnsuccessful', { ...address, result: noWebSocket });
  }

  update(locale: string, address: OperationAddress): void {
    this.locale = locale;
    this.#tell('Updated', 'transcriptionLocaleUpdated', { ...address, result: completed });
  }

  stop(address: OperationAddress): void {
    this.close();
    this.#tell('Stopped', 'subscriptionStopped', { ...address, result: completed });
  }

  close(): void {
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  /** The app is told that `rawId` said `text`. */
  hear(rawId: string, text: string): void {
    const offset = ticksBefore1970 + BigInt(Date.now()) * 10_000n;
    const words = text.split(/\s+/).filter(Boolean);
    const perWord = 3_000_000;
    const listed = words.map((word, at) => ({ text: word.toLowerCase(), offset: at * perWord, duration: perWord }));
    const transcriptionData = {
      text,
      format: 'display',
      confidence: 0.9,
      offset: 0,
      duration: words.length * perWord,
      words: listed,
      participantRawID: rawId,
      resultStatus: 'Final',
    };
    const message = JSON.stringify({ kind: 'TranscriptionData', transcriptionData });
    // Offsets exceed 2^53 on the wire, so they are written as digits and not as JavaScript numbers.
    this.#socket?.send(message.replace(/"offset":(\d+)/g, (_, from: string) => `"offset":${offset + BigInt(from)}`));
  }

  #metadata(): Record<string, unknown> {
    const { id, conversation } = this.#leg;
    const locale = this.locale.toLowerCase();
    return { subscriptionId: this.#id, locale, callConnectionId: id, correlationId: conversation.correlationId };
  }

  #tell(what: string, detail: string, options: Parameters<Leg['tell']>[2]): void {
    const update = { transcriptionStatus: `transcription${what}`, transcriptionStatusDetails: detail };
    this.#leg.tell(`Transcription${what}`, { transcriptionUpdate: update }, options);
  }
}
