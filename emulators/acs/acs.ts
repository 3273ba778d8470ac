/**
 * A stand-in for Azure Communication Services on a laptop: Event Grid deliveries, the Call Automation REST API, signed
 * callbacks, media sockets, and the phone line callers use. It owns the root of its port, because the SDK refuses
 * endpoints with a path.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';
import { createAdmin } from './admin.ts';
import type { IncomingOptions } from './control.ts';
import { dropCall, raiseIncoming, speak, startOver } from './control.ts';
import type { GridDelivery } from './event-grid.ts';
import type { EndedBy } from './exchange.ts';
import { Exchange } from './exchange.ts';
import type { AcsFaults } from './faults.ts';
import { defaultFaults } from './faults.ts';
import type { GridSchema } from './grid-event.ts';
import type { CallReport } from './inspection.ts';
import { callReport, callReports, recordingOf } from './inspection.ts';
import { mergeFaults } from './merge-faults.ts';
import { operations } from './operations/all.ts';
import { createPhoneSockets } from './phone/exchange-sockets.ts';
import type { WireReply, WireRequest } from './rest/front-door.ts';
import { createFrontDoor } from './rest/front-door.ts';
import type { MintOptions } from './tokens.ts';
import { acsIssuer, createTokens } from './tokens.ts';

/** The access key clients use unless told otherwise: well known, worthless. */
export const acsDevKey = Buffer.from('switchboard-acs-stand-in-development-key').toString('base64');
/** The audience of tokens unless told otherwise. */
export const acsDevResourceId = '5a1d0c2e-7b64-4b8f-9c35-acc0de000001';

const bodyLimit = 1024 * 1024;

export interface AcsOptions {
  /** @default 0, the system chooses */
  port?: number;
  /** Base64. @default acsDevKey */
  accessKey?: string;
  /** Immutable resource id, the audience of every token. @default acsDevResourceId */
  resourceId?: string;
  /** Webhook of IncomingCall events; it must be up, as the handshake happens at once. */
  subscription?: { url: string };
  /** Refuse what production refuses: http callbacks, ws transport, unknown fields, oversize contexts. @default false */
  strict?: boolean;
  faults?: Partial<AcsFaults>;
  log?: (line: string) => void;
}

export interface Acs {
  url: string;
  port: number;
  connectionString: string;
  openIdConfigUrl: string;
  issuer: string;
  audience: string;
  /** The live switches. */
  readonly faults: AcsFaults;
  /** Sets some switches, as PUT /emulator/faults does. @throws Error on an unknown switch or a wrong value. */
  setFaults(patch: Partial<AcsFaults>): void;
  /** Performs the Event Grid handshake. @throws Error saying what the webhook answered. */
  subscribe(url: string, schema?: GridSchema): Promise<void>;
  /** Live and ended calls. */
  calls(): CallReport[];
  call(callConnectionId: string): CallReport | undefined;
  /** PCM16, 16 kHz, mono, from the moment media opened. */
  recording(callConnectionId: string, ear: 'caller' | 'app'): Buffer | undefined;
  /** Every Event Grid delivery attempt. */
  deliveries(): readonly GridDelivery[];
  /** Raises IncomingCall events without a phone. @returns their correlation ids. */
  incoming(options: IncomingOptions): string[];
  /** Delivers a call's IncomingCall again. */
  redeliver(correlationId: string, copies: number, atOnce?: boolean): boolean;
  /** Posts a callback of a call, whatever it is. */
  injectEvent(callConnectionId: string, name: string, data?: Record<string, unknown>): void;
  /** Ends a call from outside. */
  drop(callConnectionId: string, by: EndedBy): void;
  /** Somebody says something a recognition or transcription hears. */
  speak(callConnectionId: string, text: string): void;
  mint(options?: MintOptions): Promise<string>;
  rotateKeys(): Promise<void>;
  /** Ends all calls without a word and makes all switches normal. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts the stand-in on 127.0.0.1. */
export async function startAcs(options: AcsOptions = {}): Promise<Acs> {
  refuseProduction('Azure Communication Services');
  const { accessKey = acsDevKey, resourceId = acsDevResourceId, strict = false, log = () => undefined } = options;
  const faults = defaultFaults();
  mergeFaults(faults, options.faults ?? {});
  const tokens = await createTokens(resourceId);
  let url = '';
  const exchange = new Exchange({ faults, tokens, resourceId, strict, baseUrl: () => url, log });
  const frontDoor = createFrontDoor(exchange, accessKey, operations);
  const admin = createAdmin(exchange);
  const phones = createPhoneSockets(exchange);
  const openId = (path: string) => openIdDocument(path, url, () => tokens.jwks());

  const server = createServer((request, response) => {
    read(request)
      .then(async wire => {
        const path = wire.target.split('?', 1)[0] ?? '';
        const reply = path.startsWith('/emulator/') ? await admin(wire) : openId(path);
        write(response, reply ?? (await frontDoor(wire)));
      })
      .catch(error => {
        log(`request failed: ${(error as Error).message}`);
        response.destroy();
      });
  });
  server.on('upgrade', (request, socket, head) => phones.upgrade(request, socket, head));
  const port = await listenOnLoopback(server, options.port ?? 0);
  url = `http://127.0.0.1:${port}`;

  async function close(): Promise<void> {
    exchange.close();
    phones.close();
    await closeServer(server);
  }

  if (options.subscription) {
    await exchange.grid.subscribe(options.subscription.url, 'EventGridSchema').catch(async error => {
      await close();
      throw error;
    });
  }
  return {
    url,
    port,
    connectionString: `endpoint=${url}/;accesskey=${accessKey}`,
    openIdConfigUrl: `${url}/calling/.well-known/acsopenidconfiguration`,
    issuer: acsIssuer,
    audience: resourceId,
    faults,
    setFaults: patch => mergeFaults(faults, { ...patch }),
    subscribe: (webhook, schema = 'EventGridSchema') => exchange.grid.subscribe(webhook, schema),
    calls: () => callReports(exchange),
    call: id => map(exchange.anyLeg(id), callReport),
    recording: (id, ear) => map(exchange.anyLeg(id), leg => recordingOf(leg, ear)),
    deliveries: () => exchange.grid.deliveries,
    incoming: asked => raiseIncoming(exchange, asked),
    redeliver: (correlationId, copies, atOnce = false) => exchange.grid.redeliver(correlationId, copies, atOnce),
    injectEvent: (id, name, data) => exchange.leg(id).tell(name, data),
    drop: (id, by) => dropCall(exchange, exchange.leg(id), by),
    speak: (id, text) => speak(exchange.leg(id), text),
    mint: asked => tokens.mint(asked),
    rotateKeys: () => tokens.rotate(),
    reset: () => startOver(exchange),
    close,
  };
}

function map<T, R>(value: T | undefined, to: (value: T) => R): R | undefined {
  return value === undefined ? undefined : to(value);
}

function openIdDocument(path: string, url: string, jwks: () => object): WireReply | undefined {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (path === '/calling/keys') return { status: 200, headers, body: JSON.stringify(jwks()) };
  if (path !== '/calling/.well-known/acsopenidconfiguration') return undefined;
  const document = {
    issuer: acsIssuer,
    jwks_uri: `${url}/calling/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
  };
  return { status: 200, headers, body: JSON.stringify(document) };
}

async function read(request: IncomingMessage): Promise<WireRequest> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > bodyLimit) throw new Error(`a request body is larger than ${bodyLimit} bytes`);
    parts.push(part as Buffer);
  }
  const { method = 'GET', url: target = '/', headers } = request;
  return { method, target, headers, body: Buffer.concat(parts) };
}

function write(response: ServerResponse, reply: WireReply): void {
  if (reply === 'reset') {
    response.destroy();
    return;
  }
  const length = reply.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(reply.body)) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  response.end(reply.body);
}
