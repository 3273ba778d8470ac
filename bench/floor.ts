import { createServer, type IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { dialLightly, type LightCaller } from './light-caller.ts';
import { closed, listen, type RelayedCalls } from './relayed-calls.ts';

/**
 * How fast StopAudio can be at all: calls answered by a bare `ws` relay. An upstream of ours talks to every caller and
 * interrupts itself; each interruption is timed from the relay's decision to ACS.
 */
export interface Floor {
  /** From the relay's decision to ACS, ms, of every interruption decided in this time. */
  delaysMs(fromUs: number, toUs: number): number[];
  stop(): Promise<void>;
}

export interface FloorOptions {
  acsUrl: string;
  relayed: RelayedCalls;
  upstream: Upstream;
  calls: number;
}

export async function startFloor({ acsUrl, relayed, upstream, calls }: FloorOptions): Promise<Floor> {
  const callers: LightCaller[] = [];
  for (let i = 0; i < calls; i++) callers.push(await dialLightly(acsUrl, relayed.numberOf(i)));
  return {
    delaysMs: (fromUs, toUs) =>
      callers.flatMap(({ callConnectionId, stops }) => {
        // Within one call decisions and stops come in the same order.
        const decisions = upstream.decisions(callConnectionId);
        return stops.flatMap(({ atUs }, i) => {
          const decidedUs = decisions[i];
          return decidedUs === undefined || decidedUs < fromUs || decidedUs >= toUs ? [] : [(atUs - decidedUs) / 1000];
        });
      }),
    stop: async () => {
      for (const caller of callers) caller.hangUp();
    },
  };
}

const frame = Buffer.from(
  `{"kind":"audioData","audioData":{"data":"${Buffer.alloc(640, 1).toString('base64')}","isSilent":false},"stopAudio":{}}`,
);

export interface Upstream {
  url: string;
  /** When the relay decided to stop in this call, µs of the monotonic clock. */
  decisions(callConnectionId: string): readonly number[];
  close(): Promise<void>;
}

/** Speaks to every relay connection at 50 frames a second and interrupts it every `everyMs`. */
export async function startTalker(everyMs: number): Promise<Upstream> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const decided = new Map<string, number[]>();
  let connections = 0;

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const mine: number[] = [];
    decided.set(new URL(request.url ?? '', 'ws://localhost').searchParams.get('call') ?? '', mine);
    const offset = (connections++ % 20) * (everyMs / 20);
    const speaking = setInterval(() => socket.send(frame), 20);
    let interrupting: NodeJS.Timeout;
    const interrupt = () => {
      socket.send('{"type":"interrupt"}');
      interrupting = setTimeout(interrupt, everyMs);
    };
    interrupting = setTimeout(interrupt, 500 + offset);
    socket.on('message', data => {
      const message = data as Buffer;
      if (message.length > 64 || !message.includes('decidedAtUs')) return;
      mine.push((JSON.parse(message.toString()) as { decidedAtUs: number }).decidedAtUs);
    });
    socket.on('close', () => {
      clearInterval(speaking);
      clearTimeout(interrupting);
    });
    socket.on('error', () => socket.terminate());
  });
  return {
    url: await listen(server, 'ws'),
    decisions: call => decided.get(call) ?? [],
    close: () => closed(server),
  };
}
