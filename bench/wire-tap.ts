import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

/**
 * Stands between ACS and the media host and stamps what the agent's side writes, because ACS plays a frame up to its lead
 * later than it was sent. Bytes are passed on untouched. Run as a process of its own: `PUT /upstream` says where the media
 * host is, `GET /calls/<correlation id>` tells what was written, in µs of the machine's monotonic clock.
 */
const written = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('audioData'), audioData: z.object({ data: z.string() }) }),
  z.object({ kind: z.literal('stopAudio') }),
]);

interface Tapped {
  frames: { atUs: number; peak: number }[];
  stopsUs: number[];
}

const calls = new Map<string, Tapped>();
let upstreamUrl = '';

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    request.setEncoding('utf8').on('data', (text: string) => {
      upstreamUrl = text;
    });
    request.on('end', () => response.end());
    return;
  }
  response.end(JSON.stringify(calls.get((request.url ?? '').replace('/calls/', '')) ?? { frames: [], stopsUs: [] }));
});
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

server.on('upgrade', (request, socket, head) => {
  const upstream = new WebSocket(`${upstreamUrl}${request.url}`, {
    headers: kept(request.headers),
    perMessageDeflate: false,
  });
  upstream.on('error', () => socket.destroy());
  upstream.on('unexpected-response', (_, { statusCode, statusMessage }) => {
    socket.end(`HTTP/1.1 ${statusCode} ${statusMessage}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  upstream.on('open', () => {
    sockets.handleUpgrade(request, socket, head, acs => {
      join(acs, upstream, tapped(String(request.headers['x-ms-call-correlation-id'])));
    });
  });
});

function join(acs: WebSocket, upstream: WebSocket, call: Tapped): void {
  acs.on('message', (data, isBinary) => {
    if (upstream.readyState === WebSocket.OPEN) upstream.send(data as Buffer, { binary: isBinary });
  });
  upstream.on('message', (data, isBinary) => {
    const atUs = Number(process.hrtime.bigint() / 1000n);
    if (acs.readyState === WebSocket.OPEN) acs.send(data as Buffer, { binary: isBinary });
    note(call, data as Buffer, atUs);
  });
  acs.on('close', code => closeAs(upstream, code));
  upstream.on('close', code => closeAs(acs, code));
  acs.on('error', () => acs.terminate());
}

function note(call: Tapped, data: Buffer, atUs: number): void {
  const message = written.parse(JSON.parse(data.toString('latin1')));
  if (message.kind === 'stopAudio') call.stopsUs.push(atUs);
  else call.frames.push({ atUs, peak: peakOf(Buffer.from(message.audioData.data, 'base64')) });
}

function peakOf(pcm: Buffer): number {
  let peak = 0;
  for (let i = 0; i + 1 < pcm.length; i += 2) peak = Math.max(peak, Math.abs(pcm.readInt16LE(i)));
  return peak;
}

function tapped(correlationId: string): Tapped {
  const call = calls.get(correlationId) ?? { frames: [], stopsUs: [] };
  calls.set(correlationId, call);
  return call;
}

/** What ACS says of itself; the rest belongs to this very connection. */
function kept(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => entry[0] === 'authorization' || entry[0].startsWith('x-ms-'),
    ),
  );
}

/** Codes such as 1006 tell of a lost connection and cannot be sent. */
function closeAs(socket: WebSocket, code: number): void {
  if (code === 1006) socket.terminate();
  else if (code === 1005) socket.close();
  else socket.close(code);
}

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ ready: true, port: (server.address() as AddressInfo).port })}\n`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
