/** Where phones plug in: `/phone` dials the app, `/phone/answer` waits to be called. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Exchange } from '../exchange.ts';
import { identifierOf } from '../identifiers.ts';
import { openRing } from '../ring.ts';
import { AnsweringPhone } from './answering-phone.ts';
import { PhoneLine } from './phone-line.ts';

export interface PhoneSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export function createPhoneSockets(exchange: Exchange): PhoneSockets {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 });

  return {
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'http://loopback');
      const plug = plugOf(exchange, url);
      if (!plug) {
        const cure = 'Phones dial /phone?from=...&to=... or wait at /phone/answer?number=...';
        socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Length: ${cure.length}\r\nConnection: close\r\n\r\n${cure}`);
        return;
      }
      server.handleUpgrade(request, socket, head, plug);
    },
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function plugOf(exchange: Exchange, url: URL): ((socket: WebSocket) => void) | undefined {
  const from = url.searchParams.get('from');
  const to = url.searchParams.get('to');
  const number = url.searchParams.get('number');
  if (url.pathname === '/phone' && from && to) {
    return socket => dialIn(exchange, socket, from, to, url.searchParams.get('correlationId') ?? undefined);
  }
  if (url.pathname === '/phone/answer' && number) return socket => waitForCall(exchange, socket, number);
  return undefined;
}

function dialIn(exchange: Exchange, socket: WebSocket, from: string, to: string, correlationId: string | undefined) {
  const caller = identifierOf(from);
  const line = new PhoneLine(caller, socket);
  const conversation = exchange.newConversation(correlationId);
  const ring = openRing(exchange, { from: caller, to: identifierOf(to), conversation, line });
  exchange.grid.deliver([ring.event]);
}

function waitForCall(exchange: Exchange, socket: WebSocket, number: string): void {
  const phone = new AnsweringPhone(identifierOf(number), socket);
  exchange.phones.add(phone);
  socket.on('close', () => exchange.phones.delete(phone));
}
