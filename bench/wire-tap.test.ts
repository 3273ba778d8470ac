import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startProgram } from './stand-in.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A media host that says `lines` to whoever comes with the right token, and repeats what it hears. */
async function mediaHost(lines: readonly string[]): Promise<string> {
  const server = createServer();
  const sockets = new WebSocketServer({
    server,
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.authorization === 'Bearer right',
  });
  sockets.on('connection', socket => {
    for (const line of lines) socket.send(line);
    socket.on('message', data => socket.send(JSON.stringify({ kind: 'stopAudio', heard: String(data) })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function tap(upstream: string): Promise<string> {
  const program = await startProgram<{ port: number }>('bench/wire-tap.ts', []);
  open.push(() => program.stop());
  const where = `127.0.0.1:${program.ready.port}`;
  await fetch(`http://${where}/upstream`, { method: 'PUT', body: upstream });
  return where;
}

test('what is written passes untouched both ways, and is stamped with its peak; who is refused hears why', async () => {
  const pcm = Buffer.from(new Int16Array([3, -12_000, 700]).buffer).toString('base64');
  const audio = `{ "kind":"audioData", "audioData":{"data":"${pcm}"},"stopAudio":{} }`;
  const where = await tap(await mediaHost([audio]));
  const dial = (token: string) =>
    new WebSocket(`ws://${where}/media/1`, {
      headers: { authorization: `Bearer ${token}`, 'x-ms-call-correlation-id': 'c1' },
    });

  const before = Number(process.hrtime.bigint() / 1000n);
  const acs = dial('right');
  open.push(() => acs.terminate());
  const [first] = (await once(acs, 'message')) as [Buffer];
  expect(String(first)).toBe(audio);
  acs.send('the caller’s sound');
  const [second] = (await once(acs, 'message')) as [Buffer];
  expect(JSON.parse(String(second))).toMatchObject({ heard: 'the caller’s sound' });

  const written = (await (await fetch(`http://${where}/calls/c1`)).json()) as {
    frames: { atUs: number; peak: number }[];
    stopsUs: number[];
  };
  expect(written.frames.map(({ peak }) => peak)).toEqual([12_000]);
  const stamps = [before, written.frames[0]!.atUs, written.stopsUs[0]!, Number(process.hrtime.bigint() / 1000n)];
  expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));

  const [, response] = await once(dial('wrong'), 'unexpected-response');
  expect(response.statusCode).toBe(401);
  response.destroy();
});
