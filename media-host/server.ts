import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { isCallId, isCallSecret } from '../contracts/call-id.ts';
import { CallError } from '../contracts/error.ts';
import {
  type AdmissionReply,
  admissionPath,
  admissionRequest,
  controlKeyHeader,
  mediaPath,
  mediaPathAliases,
} from '../contracts/media.ts';
import { largestMessageBytes } from './acs/frames.ts';
import type { TokenCheck } from './acs/token.ts';
import type { Call } from './call.ts';
import type { Calls } from './calls.ts';
import type { CounterName, Metrics } from './observe/metrics.ts';

/**
 * The host's doors: ACS's media socket, the control plane's request for a place, and health. Who may not enter is
 * refused in the upgrade, before a socket exists, and counted.
 */
export interface ServerOptions {
  host: string;
  port: number;
  hostId: string;
  callSecretKey: string;
  controlKey: string;
  /** The address of a call's media socket, for ACS. */
  mediaUrl: (callId: string) => string;
  checkToken: TokenCheck;
  calls: Calls;
  /** Admits a call that another host was told about: its state is in the store. */
  adopt: (callId: string) => Promise<Call | undefined>;
  ready: () => Promise<Record<string, { ok: boolean; ms: number; code?: string }>>;
  /** How this process fares, beside its counters. */
  gauges: () => Record<string, unknown>;
  version: string;
  metrics: Metrics;
  log: Logger;
}

export interface MediaServer {
  port: number;
  close(): Promise<void>;
}

const echoPath = '/api/v1/media/echo';
const largestBodyBytes = 64 * 1024;
const tooLarge = Symbol('a body that is too large');

export async function startServer(options: ServerOptions): Promise<MediaServer> {
  const { metrics, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessageBytes,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      log.error({ err: error }, 'request failed');
      if (!response.headersSent) reply(response, 500, { error: 'The media host could not answer; see its log.' });
    });
  });

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    enter(request, options).then(
      entry => {
        if ('refused' in entry) return refuse(socket, entry.status, entry.refused);
        sockets.handleUpgrade(request, socket, head, webSocket => {
          metrics.count('upgrades-accepted');
          if (entry.call) connect(entry.call, webSocket, metrics);
          else webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
        });
      },
      (error: unknown) => {
        log.error({ err: error }, 'upgrade failed');
        refuse(socket, 503, 'The media host cannot reach what it needs.');
      },
    );
  });

  const port = await listen(server, options.port, options.host);
  return {
    port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

type Entry = { call?: Call } | { refused: string; status: number };

async function enter(request: IncomingMessage, options: ServerOptions): Promise<Entry> {
  const { metrics, calls } = options;
  const refused = (counter: CounterName, status: number, why: string): Entry => {
    metrics.count(counter);
    return { refused: why, status };
  };
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path === echoPath)
    return hasKey(request, options.controlKey) ? {} : refused('control-refused', 401, 'Show the control key.');
  const place = callOfPath(path);
  if (!place) return refused('upgrades-refused-path', 404, 'No socket is served at this path.');

  const token = await options.checkToken(request.headers.authorization);
  if (token === 'keys-unavailable')
    return refused('upgrades-refused-keys-unavailable', 503, 'The keys of ACS tokens cannot be fetched now.');
  if (token !== undefined)
    return refused(`upgrades-refused-${token}`, 401, 'The ACS token is missing or not valid here.');
  if (!isCallId(place.callId) || !isCallSecret(options.callSecretKey, 'media', place.callId, place.secret)) {
    return refused('upgrades-refused-secret', 403, "This is not the call's address.");
  }
  const call = calls.find(place.callId) ?? (await options.adopt(place.callId));
  if (!call && calls.draining) return refused('upgrades-refused-draining', 503, 'This host takes nobody any more.');
  if (!call)
    return calls.taken >= calls.places
      ? refused('upgrades-refused-full', 503, 'Every place is taken.')
      : refused('upgrades-refused-unknown-call', 404, 'No such call is live.');
  calls.arrived(place.callId);
  return { call };
}

function callOfPath(path: string): { callId: string; secret: string } | undefined {
  const base = [mediaPath, ...mediaPathAliases].find(candidate => path.startsWith(`${candidate}/`));
  const [callId, secret, ...rest] = base === undefined ? [] : path.slice(base.length + 1).split('.');
  return callId !== undefined && secret !== undefined && rest.length === 0 ? { callId, secret } : undefined;
}

function connect(call: Call, webSocket: WebSocket, metrics: Metrics): void {
  const media = {
    send: (data: Buffer) => webSocket.send(data, { binary: false }),
    close: (code: number, reason: string) => webSocket.close(code, reason),
    get open() {
      return webSocket.readyState === webSocket.OPEN;
    },
  };
  webSocket.on('message', data => call.message(media, data as Buffer));
  webSocket.on('error', error => {
    if ((error as { code?: string }).code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
      metrics.count('media-messages-oversize');
  });
  webSocket.on('close', code => call.closed(media, code));
  call.attach(media);
}

function refuse(socket: Duplex, status: number, why: string): void {
  const body = JSON.stringify({ error: why });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'POST' && path === admissionPath) return admit(request, response, options);
  if (request.method !== 'GET') return reply(response, 404, { error: 'Nothing is served here.' });
  switch (path) {
    case '/api/v1/health/live':
      return reply(response, 200, { status: 'live', hostId: options.hostId });
    case '/':
    case '/health':
    case '/api/v1/health':
    case '/api/v1/health/ready': {
      const dependencies = await options.ready();
      const ok = !options.calls.draining && Object.values(dependencies).every(dependency => dependency.ok);
      return reply(response, ok ? 200 : 503, {
        status: ok ? 'ready' : options.calls.draining ? 'draining' : 'not ready',
        timestamp: new Date().toISOString(),
        service: 'media-host',
        version: options.version,
        hostId: options.hostId,
        calls: options.calls.taken,
        places: options.calls.places,
        dependencies,
        counters: options.metrics.counters(),
        ...options.gauges(),
      });
    }
    default:
      return reply(response, 404, { error: 'Nothing is served here.' });
  }
}

async function admit(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  if (!hasKey(request, options.controlKey)) {
    options.metrics.count('control-refused');
    return reply(response, 401, { error: `Show CONTROL_KEY in the header ${controlKeyHeader}.` });
  }
  const body = await readBody(request);
  if (body === tooLarge) {
    response.setHeader('connection', 'close');
    return reply(response, 413, { error: `Send at most ${largestBodyBytes} bytes.` });
  }
  const asked = admissionRequest.safeParse(body);
  if (!asked.success)
    return reply(response, 400, {
      error: asked.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    });
  let call: Call | undefined;
  try {
    call = options.calls.admit(asked.data);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    options.log.error({ callId: asked.data.callId, code: error.code }, error.message);
    return reply(response, 409, { error: error.message });
  }
  const said: AdmissionReply = {
    admitted: call !== undefined,
    hostId: options.hostId,
    mediaUrl: options.mediaUrl(asked.data.callId),
  };
  return reply(response, 200, said);
}

function hasKey(request: IncomingMessage, key: string): boolean {
  const given = Buffer.from(String(request.headers[controlKeyHeader] ?? ''));
  const expected = Buffer.from(key);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > largestBodyBytes) {
      request.resume();
      return tooLarge;
    }
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    // The schema refuses what is not there, with a sentence.
    return undefined;
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error => {
      const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      reject(
        busy
          ? new Error(`Port ${port} is in use. Set PORT to another, or to 0 for any free one.`, { cause: error })
          : error,
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
