/** A small app on the other side of the wires: webhook, callbacks, media socket, and the real SDK client. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnswerCallOptions, CallConnection } from '@azure/communication-call-automation';
import { CallAutomationClient } from '@azure/communication-call-automation';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Acs, AcsOptions } from '../acs.ts';
import { startAcs } from '../acs.ts';
import { Inbox } from './inbox.ts';
import type { Phone, PhoneQuery } from './phone.ts';
import { dialPhone } from './phone.ts';

export interface Posted {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

export interface Callback {
  path: string;
  authorization: string | undefined;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the wire carries is what the tests look into
  event: any;
  batch: unknown[];
}

export class Media {
  readonly socket: WebSocket;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: what the wire carries is what the tests look into
  readonly messages = new Inbox<any>();
  readonly arrivalsMs: number[] = [];
  closeCode: number | undefined;

  constructor(socket: WebSocket, headers: IncomingHttpHeaders) {
    this.socket = socket;
    this.headers = headers;
    socket.on('message', data => {
      this.arrivalsMs.push(performance.now());
      this.messages.push(JSON.parse(String(data)));
    });
    socket.on('close', code => {
      this.closeCode = code;
    });
  }

  frames() {
    return this.messages.items.filter(message => message.kind === 'AudioData');
  }
}

export interface App {
  acs: Acs;
  url: string;
  client: CallAutomationClient;
  requests: Inbox<Posted>;
  incoming: Inbox<Posted>;
  callbacks: Inbox<Callback>;
  media: Inbox<Media>;
  /** Status the webhook answers deliveries with. */
  webhookStatus: number;
  callbackStatus: number;
  /** Status media upgrades are refused with; 101 accepts. */
  upgradeStatus: number;
  /** Dials, waits for the event, answers. */
  ring(options?: RingOptions): Promise<{ phone: Phone; conn: CallConnection; cc: string }>;
  dial(query?: PhoneQuery): Promise<{ phone: Phone; context: string }>;
  named(name: string, cc?: string): Promise<Callback>;
  mediaOptions(extra?: object): NonNullable<AnswerCallOptions['mediaStreamingOptions']>;
  close(): Promise<void>;
}

export interface RingOptions extends PhoneQuery {
  answer?: AnswerCallOptions;
  withMedia?: boolean;
  media?: object;
  waitConnected?: boolean;
}

export async function startApp(options: AcsOptions & { subscribe?: boolean } = {}): Promise<App> {
  const { subscribe = true, ...acsOptions } = options;
  const requests = new Inbox<Posted>();
  const incoming = new Inbox<Posted>();
  const callbacks = new Inbox<Callback>();
  const media = new Inbox<Media>();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer((request, response) => void receive(request, response));
  const state = { webhookStatus: 200, callbackStatus: 200, upgradeStatus: 101 };

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request) body += String(part);
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers, body, atMs: performance.now() });
    if (path.startsWith('/events')) return webhook(request, response, body);
    if (path.startsWith('/cb')) {
      const batch = JSON.parse(body) as { type: string }[];
      const [event] = batch;
      const name = event?.type.replace('Microsoft.Communication.', '') ?? '';
      callbacks.push({ path, authorization: request.headers.authorization, name, event, batch });
      response.writeHead(state.callbackStatus).end();
      return;
    }
    response.writeHead(404).end();
  }

  function webhook(request: IncomingMessage, response: ServerResponse, body: string): void {
    if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
      const [event] = JSON.parse(body) as { data: { validationCode: string } }[];
      response.end(JSON.stringify({ validationResponse: event?.data.validationCode }));
      return;
    }
    incoming.push({ path: request.url ?? '', headers: request.headers, body, atMs: performance.now() });
    response.writeHead(state.webhookStatus).end();
  }

  server.on('upgrade', (request, socket, head) => {
    if (state.upgradeStatus !== 101) {
      socket.end(`HTTP/1.1 ${state.upgradeStatus} No\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, opened => media.push(new Media(opened, request.headers)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const quick = { callbackJitterMs: 4, connectDelayMs: 2, outcomeAfterMs: 10 };
  const acs = await startAcs({ ...acsOptions, faults: { ...quick, ...acsOptions.faults } });
  if (subscribe) await acs.subscribe(`${url}/events`);
  const client = new CallAutomationClient(acs.connectionString, { allowInsecureConnection: true });
  const phones: Phone[] = [];

  const app: App = Object.assign(state, {
    acs,
    url,
    client,
    requests,
    incoming,
    callbacks,
    media,
    mediaOptions: (extra: object = {}) => ({
      transportType: 'websocket' as const,
      transportUrl: `ws://127.0.0.1:${port}/media`,
      contentType: 'audio' as const,
      audioChannelType: 'unmixed' as const,
      startMediaStreaming: true,
      enableBidirectional: true,
      ...extra,
    }),
    async dial(query: PhoneQuery = {}) {
      const phone = await dialPhone(acs, query);
      phones.push(phone);
      const { correlationId } = await phone.event('ringing');
      const delivered = await incoming.first(({ body }) => body.includes(String(correlationId)));
      const [event] = JSON.parse(delivered.body);
      return { phone, context: String(event.data.incomingCallContext) };
    },
    async ring(asked: RingOptions = {}) {
      const { answer = {}, withMedia = true, media: extra, waitConnected = true, ...query } = asked;
      const { phone, context } = await app.dial(query);
      const streaming = withMedia ? { mediaStreamingOptions: app.mediaOptions(extra) } : {};
      const { callConnection: conn, callConnectionProperties } = await client.answerCall(context, `${url}/cb?k=1`, {
        ...streaming,
        ...answer,
      });
      const cc = callConnectionProperties.callConnectionId ?? '';
      if (waitConnected) await app.named('CallConnected', cc);
      return { phone, conn, cc };
    },
    named: (name: string, cc?: string) =>
      callbacks.first(one => one.name === name && (cc === undefined || one.event.data.callConnectionId === cc)),
    async close() {
      for (const phone of phones) phone.socket.terminate();
      await acs.close();
      for (const one of sockets.clients) one.terminate();
      sockets.close();
      await new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  });
  return app;
}
