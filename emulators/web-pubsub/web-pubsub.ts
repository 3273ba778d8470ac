/**
 * Azure Web PubSub on a laptop: the REST data plane servers publish through, and the sockets of clients with the JSON
 * subprotocols, plain and reliable. The real `@azure/web-pubsub` and `@azure/web-pubsub-client` talk to it unchanged.
 */
import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';
import { serveAdmin } from './admin.ts';
import { admission, subprotocolOf, welcome } from './client-door.ts';
import type { Room } from './connection.ts';
import { createControl, type WebPubSubControl } from './control.ts';
import type { FaultChanges } from './faults.ts';
import { count } from './ledger.ts';
import { mostBytes, urlOf } from './request.ts';
import { serveRest } from './rest/front-door.ts';
import { Service } from './service.ts';

/** The access key unless told otherwise: well known, worthless. */
export const webPubSubDevKey = 'switchboard-web-pubsub-stand-in-development-key';

export interface WebPubSubOptions {
  /** @default 0, the system chooses */
  port?: number;
  /** Any text; it is not decoded. @default webPubSubDevKey */
  accessKey?: string;
  /** Entra tokens the REST API accepts beside the key, for clients that sign in with an identity. */
  bearers?: readonly string[];
  /** How long a reliable connection waits to be recovered, ms. @default 30_000 */
  recoveryMs?: number;
  /** What may wait unacknowledged on a reliable connection. @default 1,000 messages, 16 MB */
  room?: Partial<Room>;
  faults?: FaultChanges;
  log?: (line: string) => void;
}

export interface WebPubSub extends WebPubSubControl {
  /** `http://127.0.0.1:<port>`: the endpoint. */
  url: string;
  port: number;
  accessKey: string;
  connectionString: string;
  close(): Promise<void>;
}

/** Starts the stand-in on 127.0.0.1. */
export async function startWebPubSub(options: WebPubSubOptions = {}): Promise<WebPubSub> {
  refuseProduction('Web PubSub');
  const { accessKey = webPubSubDevKey, bearers = [], recoveryMs = 30_000, log = () => undefined } = options;
  const room = { messages: 1000, bytes: 16_000_000, ...options.room };
  const service = new Service({ accessKey, bearers, recoveryMs, room, log });
  service.faults.set(options.faults ?? {});
  const control = createControl(service);

  const server = createServer({ noDelay: true, keepAliveTimeout: 120_000 }, (request, response) => {
    const url = urlOf(request);
    const isAdmin = url?.pathname.startsWith('/emulator/');
    const serving = isAdmin
      ? serveAdmin(control, request, response, url?.pathname ?? '')
      : serveRest(service, request, response, url ?? new URL('http://loopback'));
    serving.catch((error: unknown) => {
      log(`a request failed: ${(error as Error).stack}`);
      response.destroy();
    });
  });
  const handleProtocols = (offered: Set<string>) => subprotocolOf(offered);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostBytes,
    perMessageDeflate: false,
    handleProtocols,
  });

  server.on('upgrade', (request: IncomingMessage, tcp: Socket, head: Buffer) => {
    tcp.on('error', error => log(`a client failed: ${error.message}`));
    const admitted = admission(service, request, Date.now());
    if ('refused' in admitted) return refuse(tcp, admitted.refused, admitted.why, admitted.retryAfterSeconds);
    tcp.setNoDelay(true);
    sockets.handleUpgrade(request, tcp, head, socket => welcome(service, socket, admitted));
  });

  function refuse(tcp: Socket, status: number, why: string, retryAfterSeconds?: number): void {
    count(service.ledger.counters.refused, status);
    log(`refused ${status} upgrade: ${why}`);
    const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
    tcp.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`);
  }

  const port = await listenOnLoopback(server, options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  return {
    ...control,
    url,
    port,
    accessKey,
    connectionString: `Endpoint=${url};AccessKey=${accessKey};Version=1.0;`,
    async close() {
      service.stop();
      for (const socket of sockets.clients) socket.terminate();
      await closeServer(server);
    },
  };
}
