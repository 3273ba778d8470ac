/**
 * One client's WebSocket: reads and checks what comes, sends what is checked, records both for the admin's eye. Records are
 * bounded, and neighbouring audio messages count as one.
 */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { createEtiquette } from './etiquette.ts';
import type { Faults } from './faults.ts';
import { type ClientMessage, readMessage, writeAudio, writeText } from './frames.ts';
import { type Body, checkedJson, type ServerPath } from './outgoing.ts';
import type { Service } from './paths.ts';

export interface RecordedMessage {
  from: 'client' | 'server';
  path: string;
  requestId: string;
  /** Since the socket opened, in ms. */
  atMs: number;
  text?: string;
  /** Audio: bytes and messages in a row. */
  bytes?: number;
  count?: number;
}

export interface Line {
  readonly id: string;
  readonly service: Service;
  /** Redacted. */
  readonly url: string;
  readonly openedAt: number;
  readonly recorded: readonly RecordedMessage[];
  readonly closedWith: { code: number; reason: string } | undefined;
  send<P extends ServerPath>(path: P, requestId: string, body: Body<P>): void;
  sendAudio(requestId: string, streamId: string, samples: Buffer): void;
  turnEnded(requestId: string): void;
  close(code: number, reason: string): void;
  /** Resets the TCP connection, without a close frame. */
  abort(): void;
}

export interface LineEvents {
  message(message: ClientMessage): void;
  closed(): void;
}

export interface LineSetting {
  id: string;
  service: Service;
  url: string;
  strict: boolean;
  faults: Faults;
  log: (line: string) => void;
  violated: () => void;
}

const REMEMBERED_MESSAGES = 200;
const LONGEST_RECORDED_TEXT = 1000;
/** A client that does not read this much is gone. */
const UNREAD_BYTES = 16 * 1024 * 1024;

export function openLine(
  socket: WebSocket,
  tcp: Socket,
  setting: LineSetting,
  events: (line: Line) => LineEvents,
): Line {
  const { service, faults } = setting;
  const etiquette = createEtiquette(service);
  const recorded: RecordedMessage[] = [];
  const openedAt = performance.now();
  let closedWith: Line['closedWith'];

  const line: Line = {
    id: setting.id,
    service,
    url: setting.url,
    openedAt,
    recorded,
    get closedWith() {
      return closedWith;
    },
    send(path, requestId, body) {
      if (socket.readyState !== socket.OPEN) return;
      const json = checkedJson(path, body);
      const spoilable = path === 'speech.phrase' || path === 'audio.metadata';
      const text = spoilable && faults.take(service, 'malformed') ? '{"broken":' : json;
      const id = path === 'speech.phrase' && faults.take(service, 'wrongRequestId') ? foreignId() : requestId;
      socket.send(writeText(path, id, text));
      record({ from: 'server', path, requestId: id, atMs: age(), text });
    },
    sendAudio(requestId, streamId, samples) {
      if (socket.readyState !== socket.OPEN) return;
      const id = faults.take(service, 'wrongRequestId') ? foreignId() : requestId;
      socket.send(writeAudio(id, streamId, samples));
      record({ from: 'server', path: 'audio', requestId: id, atMs: age(), bytes: samples.length, count: 1 });
      if (socket.bufferedAmount > UNREAD_BYTES) line.abort();
    },
    turnEnded: requestId => etiquette.turnEnded(requestId),
    close(code, reason) {
      setting.log(`${service} ${setting.id} closed by us: ${code} ${reason}`);
      socket.close(code, shortened(reason));
    },
    abort() {
      setting.log(`${service} ${setting.id} aborted`);
      tcp.resetAndDestroy();
    },
  };

  function age(): number {
    return Math.round(performance.now() - openedAt);
  }

  function record(message: RecordedMessage): void {
    const last = recorded.at(-1);
    if (message.bytes && last?.bytes && last.from === message.from && last.requestId === message.requestId) {
      last.bytes += message.bytes;
      last.count = (last.count ?? 1) + 1;
      return;
    }
    if (message.text) message.text = message.text.slice(0, LONGEST_RECORDED_TEXT);
    recorded.push(message);
    if (recorded.length > REMEMBERED_MESSAGES) recorded.shift();
  }

  function receive(frame: Buffer, isBinary: boolean): void {
    if (socket.readyState !== socket.OPEN) return;
    let message: ClientMessage;
    try {
      message = readMessage(frame, isBinary);
    } catch (error) {
      setting.violated();
      line.close(1007, (error as Error).message);
      return;
    }
    const { path, requestId, text, bytes } = message;
    record({ from: 'client', path, requestId, atMs: age(), ...(bytes ? { bytes: bytes.length, count: 1 } : { text }) });
    const violation = setting.strict ? etiquette.check(message) : undefined;
    if (violation) {
      setting.violated();
      line.close(violation.code, violation.reason);
      return;
    }
    handlers.message(message);
  }

  const handlers = events(line);
  socket.on('message', (data, isBinary) => receive(data as Buffer, isBinary));
  socket.on('error', error => setting.log(`${service} ${setting.id} failed: ${error.message}`));
  socket.on('close', (code, reason) => {
    closedWith = { code, reason: reason.toString() };
    setting.log(`${service} ${setting.id} closed: ${code} ${reason.toString()}`);
    handlers.closed();
  });
  return line;
}

/** 32 hexadecimal digits, upper case, as the protocol writes ids. */
export function newId(): string {
  return crypto.randomUUID().replaceAll('-', '').toUpperCase();
}

/** A close frame holds 123 bytes of reason. */
function shortened(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > 120) text = text.slice(0, -1);
  return text;
}

const foreignId = (): string => newId();
