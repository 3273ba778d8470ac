import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * The floor: the least a media host can be. It passes ACS's messages to an upstream socket and the upstream's to ACS
 * untouched, and writes StopAudio the moment the upstream says `interrupt`. Run as a process of its own; it tells the
 * upstream when it decided (monotonic µs).
 */
const upstreamUrl = process.argv[2];
if (!upstreamUrl) throw new Error('Usage: node bench/relay.ts ws://upstream');

const stopAudio = '{"kind":"stopAudio","stopAudio":{}}';
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

sockets.on('connection', (acs, request) => {
  const upstream = new WebSocket(`${upstreamUrl}?call=${request.headers['x-ms-call-connection-id']}`, {
    perMessageDeflate: false,
  });
  acs.on('message', data => {
    if (upstream.readyState === WebSocket.OPEN) upstream.send(data as Buffer, { binary: false });
  });
  upstream.on('message', data => {
    const message = data as Buffer;
    if (message.length > 64) {
      acs.send(message, { binary: false });
      return;
    }
    const decidedAtUs = Number(process.hrtime.bigint() / 1000n);
    acs.send(stopAudio);
    upstream.send(JSON.stringify({ decidedAtUs }));
  });
  acs.on('close', () => upstream.close());
  upstream.on('close', () => acs.close());
  for (const socket of [acs, upstream]) socket.on('error', () => socket.terminate());
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`,
  );
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
