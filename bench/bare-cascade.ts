import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { bareSpeech } from './bare-sdk.ts';
import { frameClock } from './frame-clock.ts';

/**
 * `node bench/bare-cascade.ts '{…}'`: the floor of a cascade, the least that a media host can be. It takes ACS's media
 * sockets with nothing but `ws`, reads each message with `JSON.parse`, gives the sound to a recogniser of the Speech SDK,
 * answers every phrase with the sentences of the plan, and sends their sound back in frames of 20 ms no faster than it is
 * played. There are no agents, no journal, no decisions and no second thread; nobody is ever interrupted.
 */
export interface CascadeOptions {
  host: string;
  key: string;
}

const { host, key } = JSON.parse(process.argv[2] ?? '{}') as CascadeOptions;
const speech = bareSpeech(host, key);
const joinClock = frameClock();
const frameBytes = 640;
const frameMs = 20;
/** Sound that waits inside ACS. */
const leadMs = 100;

function speakTo(acs: WebSocket): { add(pcm: ArrayBuffer): void; close(): void } {
  const frame = Buffer.alloc(frameBytes);
  let waiting: Buffer[] = [];
  let filled = 0;
  let playedAt = 0;
  const fill = (): boolean => {
    while (waiting[0]) {
      const taken = waiting[0].copy(frame, filled);
      filled += taken;
      if (taken === waiting[0].length) waiting.shift();
      else waiting[0] = waiting[0].subarray(taken);
      if (filled === frameBytes) return true;
    }
    return false;
  };
  const send = (): void => {
    const now = performance.now();
    if (playedAt < now) playedAt = now;
    while (playedAt + frameMs - now <= leadMs && fill()) {
      acs.send(JSON.stringify({ kind: 'AudioData', audioData: { data: frame.toString('base64') } }));
      playedAt += frameMs;
      filled = 0;
    }
  };
  const leave = joinClock(send);
  return {
    add: pcm => void waiting.push(Buffer.from(pcm)),
    close: () => {
      leave();
      waiting = [];
    },
  };
}

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', acs => {
  const voice = speakTo(acs);
  const call = speech.converse(voice.add);
  acs.on('message', data => {
    const message = JSON.parse(String(data)) as { kind: string; audioData?: { data: string } };
    if (!message.audioData) return;
    const pcm = Buffer.allocUnsafeSlow(frameBytes);
    pcm.write(message.audioData.data, 'base64');
    call.hear(pcm.buffer);
  });
  acs.on('close', voice.close);
  acs.on('error', () => acs.terminate());
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ ready: true, url: `ws://127.0.0.1:${port}/` })}\n`);
});
process.stdin.resume().once('end', () => process.exit(speech.done.failures === 0 ? 0 : 1));
