import { createServer } from 'node:http';
import type { Database } from '@azure/cosmos';
import { WebSocketServer } from 'ws';
import { type CallEvent, parseCallEvent } from '../contracts/call-event.ts';
import { type AdmissionReply, admissionPath, mediaPath } from '../contracts/media.ts';
import { closed, listen } from './relayed-calls.ts';

/**
 * All that the control plane needs of a media host: it has a place for every call, takes its sound, says nothing, and
 * closes its journal when the socket closes, so that no orchestration waits for one.
 */
export interface SilentMediaHost {
  url: string;
  /** Where journals are kept; until it is set there are none. */
  store: Database | undefined;
  /** @throws what the first journal that could not be written met. */
  close(): Promise<void>;
}

export async function startSilentMediaHost(): Promise<SilentMediaHost> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const writing = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url !== admissionPath) return void response.end('{}');
    const { callId } = JSON.parse(Buffer.concat(parts).toString()) as { callId: string };
    const mediaUrl = `${host.url.replace('http', 'ws')}${mediaPath}/${callId}.silent`;
    response.end(JSON.stringify({ admitted: true, hostId: 'silent', mediaUrl } satisfies AdmissionReply));
  });
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, ws => {
      const openedAt = Date.now();
      const callId = /([0-9a-f]{32})\.silent$/.exec(request.url ?? '')?.[1] ?? '';
      ws.on('error', () => ws.terminate());
      ws.on('close', () => {
        const write = writeJournal(host.store, callId, openedAt)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => writing.delete(write));
        writing.add(write);
      });
    }),
  );
  const host: SilentMediaHost = {
    url: await listen(server, 'http'),
    store: undefined,
    close: async () => {
      host.store = undefined;
      for (const ws of sockets.clients) ws.terminate();
      await closed(server);
      await Promise.all(writing);
      if (failures.length > 0) throw failures[0];
    },
  };
  return host;
}

async function writeJournal(store: Database | undefined, callId: string, openedAt: number): Promise<void> {
  if (!store) return;
  const opened = { type: 'media-opened', hostId: 'silent', mode: 'media', agent: 'reception', agentVersion: 'v1' };
  const ev: CallEvent[] = [
    parseCallEvent({ ...opened, seq: 0, at: openedAt, sampleRate: 16_000 }),
    parseCallEvent({ type: 'media-closed', reason: 'caller-left', code: 1000, seq: 1, at: Date.now() }),
  ];
  const page = { id: 'ev:000000', pk: callId, type: 'eventPage', callId, from: 0, to: 1, n: ev.length, ev };
  await store.container('transcripts').items.upsert(page);
}
