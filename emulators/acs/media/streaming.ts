/**
 * The life of a leg's media socket: dial, lose, redial, stop, restart, and the callbacks that tell the app. The service's
 * conduct after a loss is not documented, so each way is a switch.
 */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { ResultInformation } from '../cloud-event.ts';
import type { AcsFaults } from '../faults.ts';
import type { Leg } from '../leg.ts';
import { completed, noWebSocket, transportInvalid } from '../results.ts';
import type { Tokens } from '../tokens.ts';
import { nowUs } from './clock.ts';
import type { Dialled } from './dial.ts';
import { dial } from './dial.ts';
import type { StreamOptions } from './media-stream.ts';
import { MediaStream } from './media-stream.ts';

/** The upgrade's token lives for a day. */
const tokenLifetimeS = 24 * 3600;

export interface StreamingSetup extends StreamOptions {
  url: string;
  autoStart: boolean;
}

/** What sockets of the app need from the stand-in. */
export interface MediaDeps {
  faults: AcsFaults;
  tokens: Tokens;
  closing: AbortController;
  log: (line: string) => void;
}

export interface OperationAddress {
  context: string | undefined;
  to: string | undefined;
}

const nobody: OperationAddress = { context: undefined, to: undefined };

export class Streaming {
  readonly setup: StreamingSetup;
  readonly stream: MediaStream;
  /** Every upgrade tried: 101, the refusing status, or 0. */
  readonly upgrades: { status: number; atUs: number; error?: string }[] = [];
  readonly #leg: Leg;
  readonly #faults: AcsFaults;
  readonly #tokens: Tokens;
  readonly #closing: AbortSignal;
  readonly #id = randomUUID();
  #starts = 0;
  #isStarting = false;

  constructor(leg: Leg, setup: StreamingSetup, deps: MediaDeps) {
    this.#leg = leg;
    this.setup = setup;
    this.#faults = deps.faults;
    this.#tokens = deps.tokens;
    this.#closing = deps.closing.signal;
    this.stream = new MediaStream(setup, deps.faults, deps.log);
    this.stream.onStop = (atUs, discardedMs) =>
      leg.conversation.tellPhones({ event: 'stop-audio', atUs, discardedMs: Math.round(discardedMs) });
  }

  subscription(): Record<string, unknown> {
    return { id: this.#id, state: this.stream.isOpen ? 'active' : 'inactive', subscribedContentTypes: ['audio'] };
  }

  get isBusy(): boolean {
    return this.stream.isOpen || this.#isStarting;
  }

  /** Whether `startMediaStreaming` may be accepted. */
  get mayStart(): boolean {
    return !this.isBusy && (this.#starts === 0 || this.#faults.restartAllowed);
  }

  /** Dials, then posts `MediaStreamingStarted` or `MediaStreamingFailed`. */
  async start(address: OperationAddress = nobody): Promise<void> {
    this.#starts++;
    const dialled = await this.#dial();
    if (!this.#leg.isLive) return;
    if (dialled.isOpen) return this.#tell('Started', 'subscriptionStarted', completed, address);
    const unreachable = dialled.status === 0;
    const detail = unreachable ? 'streamConnectionUnsuccessful' : 'initialWebSocketConnectionFailed';
    this.#tell('Failed', detail, unreachable ? transportInvalid : noWebSocket, address);
  }

  /** Posts `MediaStreamingStopped` and closes the socket; what waits to be played is forgotten. */
  stop(address: OperationAddress): void {
    this.close();
    this.stream.queue.clear();
    this.#tell('Stopped', 'subscriptionStopped', completed, address);
  }

  /** Closes the socket, as at the end of a call. */
  close(): void {
    this.stream.detach()?.close(1000);
  }

  async #dial(): Promise<Dialled> {
    this.#isStarting = true;
    const dialled = await this.#dialOnce();
    this.#isStarting = false;
    const { status, error } = dialled;
    this.upgrades.push({ status, atUs: nowUs(), ...(error === undefined ? {} : { error }) });
    return dialled;
  }

  async #dialOnce(): Promise<Dialled> {
    if (this.#faults.mediaDialFailNext > 0) {
      this.#faults.mediaDialFailNext--;
      return { isOpen: false, status: 0, error: 'Fault: not dialled.' };
    }
    const authorization = await this.#tokens.authorization(tokenLifetimeS, this.#faults.mediaToken);
    const headers = {
      ...(authorization ? { authorization } : {}),
      'x-ms-call-connection-id': this.#leg.id,
      'x-ms-call-correlation-id': this.#leg.conversation.correlationId,
    };
    const { mediaDialTimeoutMs } = this.#faults;
    return dial(this.setup.url, headers, mediaDialTimeoutMs, this.#closing, socket => this.#attach(socket));
  }

  #attach(socket: WebSocket): void {
    if (!this.#leg.isLive) {
      socket.terminate();
      return;
    }
    this.stream.attach(socket);
    socket.on('close', () => {
      if (this.stream.detach(socket) && this.#leg.isLive) this.#lost();
    });
    const dropAfter = this.#faults.mediaDropAtMs;
    if (dropAfter !== null) {
      this.#leg.alarms.after(dropAfter, () =>
        this.#faults.mediaDropHow === 'reset' ? socket.terminate() : socket.close(1001),
      );
    }
    this.#leg.conversation.openEars();
    this.#leg.conversation.tellPhones({ event: 'media-open', atUs: nowUs() });
  }

  #lost(): void {
    const policy = this.#faults.onServerClose;
    if (policy === 'stop') this.#tell('Stopped', 'streamConnectionInterrupted', completed, nobody);
    else if (policy === 'failEvent') this.#tell('Failed', 'streamConnectionInterrupted', noWebSocket, nobody);
    else this.#redialAfter(policy.reconnect, policy.delayMs);
  }

  #redialAfter(attempts: number, delayMs: number): void {
    if (attempts <= 0) {
      this.#tell('Failed', 'streamConnectionInterrupted', noWebSocket, nobody);
      return;
    }
    this.#isStarting = true;
    this.#leg.alarms.after(delayMs, () => {
      void this.#dial().then(dialled => {
        if (!this.#leg.isLive) return;
        if (dialled.isOpen) this.#tell('Started', 'streamConnectionReestablished', completed, nobody);
        else this.#redialAfter(attempts - 1, delayMs);
      });
    });
  }

  #tell(what: 'Started' | 'Stopped' | 'Failed', detail: string, result: ResultInformation, address: OperationAddress) {
    const update = {
      contentType: 'Audio',
      mediaStreamingStatus: `mediaStreaming${what}`,
      mediaStreamingStatusDetails: detail,
    };
    this.#leg.tell(`MediaStreaming${what}`, { mediaStreamingUpdate: update }, { ...address, result });
  }
}
