/**
 * Azure Speech on a laptop: the sockets the unchanged Speech SDK 1.52.0 connects to, for recognition and synthesis on one
 * host. Speech travels as tone code, so the words that went in are the words that come out.
 */
import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';
import { reply, serveAdmin } from './admin.ts';
import { createControl, type SpeechControl } from './control.ts';
import { createCounters } from './counters.ts';
import { isAllowed, redacted } from './credentials.ts';
import { createFaults, type FaultChanges } from './faults.ts';
import { DEFAULT_KNOBS, type KnobChanges, turnKnobs } from './knobs.ts';
import { newId, openLine } from './line.ts';
import { type Service, serviceAt } from './paths.ts';
import { createPhrasebook, type PhrasebookEntry } from './phrasebook/phrasebook.ts';
import { createSessions } from './sessions.ts';
import { serveStt } from './stt/session.ts';
import { serveTts } from './tts/session.ts';
import { startWatch } from './watch.ts';
import type { World } from './world.ts';

export interface SpeechOptions extends KnobChanges {
  /** @default 0: any free port */
  port?: number;
  /** Subscription key that is accepted. @default 'local-speech-key' */
  key?: string;
  /** Bearer tokens that are accepted beside the key. */
  tokens?: readonly string[];
  /** Closes sockets of clients that break the protocol. @default true */
  strict?: boolean;
  /** Recordings known by their sound. */
  phrasebook?: readonly PhrasebookEntry[];
  faults?: FaultChanges;
  log?: (line: string) => void;
}

export interface Speech extends SpeechControl {
  /** `http://127.0.0.1:<port>`: the admin's door is under /emulator. */
  url: string;
  /** `ws://127.0.0.1:<port>`: for `SpeechConfig.fromHost(new URL(host), key)`. */
  host: string;
  port: number;
  key: string;
  close(): Promise<void>;
}

const LONGEST_MESSAGE_BYTES = 1024 * 1024;

/** @example const speech = await startSpeech(); SpeechConfig.fromHost(new URL(speech.host), speech.key) */
export async function startSpeech(options: SpeechOptions = {}): Promise<Speech> {
  refuseProduction('speech');
  const { key = 'local-speech-key', tokens = [], strict = true, log = () => undefined } = options;
  const startKnobs: KnobChanges = { stt: options.stt, tts: options.tts };
  const counters = createCounters();
  const world: World = {
    counters,
    knobs: structuredClone(DEFAULT_KNOBS),
    faults: createFaults(name => count(counters.faults, name)),
    phrasebook: createPhrasebook(),
  };
  turnKnobs(world.knobs, startKnobs);
  world.faults.set(options.faults ?? {});
  for (const entry of options.phrasebook ?? []) world.phrasebook.add(entry);
  const sessions = createSessions();
  const control = createControl(world, sessions, startKnobs);

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname.startsWith('/emulator/')) void serveAdmin(request, response, pathname, control);
    else if (serviceAt(pathname)) reply(response, 426, { error: 'This path is a WebSocket.' });
    else reply(response, 404, { error: `No ${pathname}.` });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE_BYTES, perMessageDeflate: false });

  /** Why a client may not come in, as an HTTP status. */
  function refusal(
    request: IncomingMessage,
    url: URL,
    service: Service | undefined,
  ): { status: number; retryAfter?: number } | undefined {
    if (!service) return { status: 404 };
    const fault = world.faults.take(service, 'refuse');
    if (fault) return { status: fault.status, ...(fault.retryAfterSeconds && { retryAfter: fault.retryAfterSeconds }) };
    if (!isAllowed(request, url, { key, tokens })) return { status: 401 };
    const { quota, quotaAs } = world.knobs.stt;
    const full = service === 'stt' && quotaAs === 'upgrade' && sessions.open('stt').length >= quota;
    return full ? { status: 429, retryAfter: 1 } : undefined;
  }

  server.on('upgrade', (request: IncomingMessage, tcp: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const shown = redacted(request.url ?? '/');
    const service = serviceAt(url.pathname);
    const refused = refusal(request, url, service);
    if (refused || !service) {
      const { status, retryAfter } = refused ?? { status: 404 };
      count(counters.refused, String(status));
      log(`refused ${status} ${shown}`);
      tcp.on('error', error => log(`refused client failed: ${error.message}`));
      const retry = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
      tcp.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`);
      return;
    }
    tcp.setNoDelay(true);
    sockets.handleUpgrade(request, tcp, head, socket => admit(socket, tcp, service, url, shown));
  });

  function admit(socket: WebSocket, tcp: Socket, service: Service, url: URL, shown: string): void {
    counters[service === 'stt' ? 'sttSockets' : 'ttsSockets'] += 1;
    const id = url.searchParams.get('X-ConnectionId') ?? newId();
    log(`${service} ${id} open ${shown}`);
    const violated = (): void => {
      counters.violations += 1;
    };
    openLine(socket, tcp, { id, service, url: shown, strict, faults: world.faults, log, violated }, line => {
      const served = service === 'stt' ? serveStt(line, url, world) : serveTts(line, world);
      const session = { line, served };
      sessions.add(session);
      return {
        message: message => served.message(message),
        closed() {
          served.closed();
          sessions.closed(session);
        },
      };
    });
  }

  const watch = startWatch(sessions, world.faults);
  const port = await listenOnLoopback(server, options.port ?? 0);
  return {
    ...control,
    url: `http://127.0.0.1:${port}`,
    host: `ws://127.0.0.1:${port}`,
    port,
    key,
    async close() {
      watch.stop();
      for (const socket of sockets.clients) socket.terminate();
      for (const { served } of sessions.open()) served.closed();
      await closeServer(server);
    },
  };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
