import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { startProgram, subscribe } from './stand-in.ts';

/**
 * Calls of certain numbers are answered by a bare relay (bench/relay.ts, a process of its own); all others ring at the
 * program that is measured. So both have their calls in one ACS, at the same moments, and share its delays.
 */
export interface RelayedCalls {
  /** The number of the relay's n-th caller. */
  numberOf(n: number): string;
  /** The relay's process. */
  pid: number;
  stop(): Promise<void>;
}

const prefix = '+1777';

export interface RelayedCallsOptions {
  acs: { url: string; connectionString: string };
  /** The socket to which the relay passes everything. */
  upstreamUrl: string;
  /** Webhook of everybody else's calls. @default none */
  webhook?: string;
}

export async function startRelayedCalls({ acs, upstreamUrl, webhook }: RelayedCallsOptions): Promise<RelayedCalls> {
  const relay = await startProgram<{ url: string }>('bench/relay.ts', [upstreamUrl]);
  const door = await startDoor(acs.connectionString, `${relay.ready.url}/media`, webhook);
  await subscribe(acs.url, door.url);
  return {
    numberOf: n => `${prefix}${String(1_000_000 + n)}`,
    pid: relay.pid,
    stop: async () => {
      await relay.stop();
      if (webhook !== undefined) await subscribe(acs.url, webhook);
      await door.close();
    },
  };
}

interface RingEvent {
  data: { validationCode?: string; incomingCallContext?: string; from?: { rawId?: string } };
}

/** The webhook of the subscription: answers the relay's calls and hands on the others. */
async function startDoor(connectionString: string, transportUrl: string, webhook: string | undefined) {
  const client = new CallAutomationClient(connectionString, { allowInsecureConnection: true });
  const server = createServer((request, response) => {
    void handle(request).then(
      ({ status, body }) => {
        response.statusCode = status;
        response.end(body);
      },
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  const url = await listen(server, 'http');

  async function handle(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.url !== '/') return { status: 200, body: '{}' };
    const events = JSON.parse(body.toString()) as RingEvent[];
    const validation = events.find(({ data }) => data.validationCode !== undefined);
    if (validation) {
      return { status: 200, body: JSON.stringify({ validationResponse: validation.data.validationCode }) };
    }
    if (webhook !== undefined && !events.some(({ data }) => data.from?.rawId?.includes(prefix))) {
      const headers = {
        'content-type': 'application/json',
        'aeg-event-type': String(request.headers['aeg-event-type'] ?? 'Notification'),
      };
      const answer = await fetch(webhook, { method: 'POST', headers, body });
      return { status: answer.status, body: await answer.text() };
    }
    for (const { data } of events) if (data.incomingCallContext !== undefined) await answer(data.incomingCallContext);
    return { status: 200, body: '{}' };
  }

  const answer = (context: string) =>
    client.answerCall(context, `${url}/callbacks`, {
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
  return { url, close: () => closed(server) };
}

export function listen(server: Server, scheme: 'http' | 'ws'): Promise<string> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

export function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
