import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { type WebSocket, WebSocketServer } from 'ws';
import { dial } from '../emulators/caller/caller.ts';
import { startAcsProgram, startProgram, subscribe } from './stand-in.ts';

/**
 * How fast StopAudio can be at all: calls of the same ACS stand-in, answered by a bare `ws` relay. An upstream of ours
 * talks to every caller and interrupts itself; each interruption is timed from the relay's decision to ACS.
 * @returns milliseconds, one for each interruption.
 */
export async function measureFloor({
  calls,
  interruptions,
  warmUp,
  everyMs,
  dir,
}: {
  calls: number;
  interruptions: number;
  /** So many of each call come first and are not timed. */
  warmUp: number;
  everyMs: number;
  dir: string;
}): Promise<number[]> {
  const all = warmUp + interruptions;
  const upstream = await startUpstream(all, everyMs);
  const acs = await startAcsProgram(dir);
  const relay = await startProgram<{ url: string }>('bench/relay.ts', [upstream.url]);
  const webhook = await startWebhook(acs.ready.acs.connectionString, `${relay.ready.url}/media`);
  try {
    await subscribe(acs.ready.acs.url, webhook.url);
    const callers = await Promise.all(
      Array.from({ length: calls }, (_, i) =>
        dial({ line: acs.ready.acs.url.replace('http', 'ws'), from: `+1555${String(1000000 + i)}` }),
      ),
    );
    await Promise.all(callers.map(caller => caller.mediaOpen()));
    await upstream.done(calls);
    const wait = everyMs * all + 30_000;
    await Promise.all(
      callers.map(caller =>
        caller.until(() => (caller.stops.length >= all ? true : undefined), {
          what: `${interruptions} interruptions of the floor`,
          timeoutMs: wait,
        }),
      ),
    );
    const delays: number[] = [];
    for (const caller of callers) {
      const { callConnectionId } = await caller.answered();
      // Within one call decisions and stops come in the same order.
      const decisions = upstream.decisions(callConnectionId);
      const took = caller.stops.map((stop, i) => (stop.atUs - (decisions[i] ?? Number.NaN)) / 1000);
      delays.push(...took.slice(warmUp, all));
      await caller.hangUp();
    }
    return delays;
  } finally {
    await Promise.all([relay.stop(), acs.stop()]);
    await Promise.all([webhook.close(), upstream.close()]);
  }
}

const frame = Buffer.from(
  `{"kind":"audioData","audioData":{"data":"${Buffer.alloc(640, 1).toString('base64')}","isSilent":false},"stopAudio":{}}`,
);

/** Speaks to every relay connection at 50 frames a second and interrupts it `interruptions` times. */
async function startUpstream(interruptions: number, everyMs: number) {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const decided = new Map<string, number[]>();
  let connections = 0;
  let finished = 0;
  let told: () => void = () => undefined;

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const mine: number[] = [];
    decided.set(new URL(request.url ?? '', 'ws://localhost').searchParams.get('call') ?? '', mine);
    const offset = (connections++ % 20) * (everyMs / 20);
    let left = interruptions;
    const speaking = setInterval(() => socket.send(frame), 20);
    const interrupt = () => {
      socket.send('{"type":"interrupt"}');
      left--;
      if (left > 0) setTimeout(interrupt, everyMs);
    };
    setTimeout(interrupt, 500 + offset);
    socket.on('message', data => {
      const message = data as Buffer;
      if (message.length > 64 || !message.includes('decidedAtUs')) return;
      mine.push((JSON.parse(message.toString()) as { decidedAtUs: number }).decidedAtUs);
      if (mine.length === interruptions) {
        finished++;
        told();
      }
    });
    socket.on('close', () => clearInterval(speaking));
    socket.on('error', () => socket.terminate());
  });
  const url = await listen(server, 'ws');
  return {
    url,
    decisions: (call: string) => decided.get(call) ?? [],
    done: (calls: number) =>
      new Promise<void>(resolve => {
        told = () => {
          if (finished >= calls) resolve();
        };
        told();
      }),
    close: () => closed(server),
  };
}

/** Answers every call that rings, with the relay as its media host. */
async function startWebhook(connectionString: string, transportUrl: string) {
  const client = new CallAutomationClient(connectionString, { allowInsecureConnection: true });
  const server = createServer((request, response) => {
    void handle(request).then(
      body => response.end(JSON.stringify(body)),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  const url = await listen(server, 'http');

  async function handle(request: IncomingMessage): Promise<object> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const events = JSON.parse(Buffer.concat(chunks).toString()) as {
      eventType?: string;
      data: { validationCode?: string; incomingCallContext?: string };
    }[];
    const validation = events.find(event => event.data.validationCode !== undefined);
    if (validation) return { validationResponse: validation.data.validationCode };
    for (const { data } of events) {
      if (data.incomingCallContext === undefined) continue;
      await client.answerCall(data.incomingCallContext, `${url}/callbacks`, {
        mediaStreamingOptions: {
          transportType: 'websocket',
          transportUrl,
          contentType: 'audio',
          audioChannelType: 'unmixed',
          startMediaStreaming: true,
          enableBidirectional: true,
          audioFormat: 'Pcm16KMono',
        },
      });
    }
    return {};
  }
  return { url, close: () => closed(server) };
}

function listen(server: ReturnType<typeof createServer>, scheme: 'http' | 'ws'): Promise<string> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
