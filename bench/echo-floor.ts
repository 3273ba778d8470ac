import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { bankVoices } from '../emulators/caller/voice/bank.ts';
import { nowUs } from './frame-mark.ts';
import { dialLightly } from './light-caller.ts';
import { closed, listen, type RelayedCalls } from './relayed-calls.ts';

/**
 * How fast a reply can be at all: the caller's own sound, through the carrier to a bare relay, its upstream, and all the way
 * back to the caller's ear.
 */
export async function echoDelaysMs(
  acsUrl: string,
  relayed: RelayedCalls,
  calls: number,
  each: number,
): Promise<number[]> {
  const found = await Promise.all(
    Array.from({ length: calls }, async (_, i) => {
      const delays: number[] = [];
      let askedUs: number | undefined;
      const caller = await dialLightly(acsUrl, relayed.numberOf(100 + i), ({ played, atUs, pcm }) => {
        if (askedUs === undefined || !played || !pcm.some(sample => Math.abs(sample) > audiblePeak)) return;
        delays.push((atUs - askedUs) / 1000);
        askedUs = undefined;
      });
      const click = bankVoices()[0]!.clips[0]!.slice(0, frameSamples);
      for (let n = 0; n < each; n++) {
        await pause(apartMs);
        askedUs = nowUs();
        caller.speak(click);
      }
      await pause(apartMs);
      caller.hangUp();
      return delays;
    }),
  );
  return found.flat();
}

const audiblePeak = 50;
const frameSamples = 320;
const apartMs = 500;

/** Says to every caller what it hears. */
export async function startEcho(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('message', data => {
      const text = (data as Buffer).toString('latin1');
      if (!text.endsWith('"silent":false}}')) return;
      const { audioData } = JSON.parse(text) as { audioData: { data: string } };
      socket.send(JSON.stringify({ kind: 'audioData', audioData: { data: audioData.data }, stopAudio: {} }));
    });
    socket.on('error', () => socket.terminate());
  });
  return { url: await listen(server, 'ws'), close: () => closed(server) };
}
