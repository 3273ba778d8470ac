import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AdmissionRequest } from '../../contracts/media.ts';

/** What a media host is to the control plane: somebody who gives places and takes ACS's sockets. */
export interface ScriptedMediaHost {
  url: string;
  /** What is answered next; undefined hangs up on the asker. */
  admit: boolean | undefined;
  /** Runs before it hangs up on the asker. */
  beforeHangUp: () => void;
  /** Status of a refusal, instead of an answer. */
  refuseWith: number | undefined;
  /** Runs before the next answer. */
  beforeAnswer: () => Promise<void>;
  asked: { request: AdmissionRequest; key: string | undefined }[];
  sockets: Set<WebSocket>;
  close(): Promise<void>;
}

export async function scriptedMediaHost(): Promise<ScriptedMediaHost> {
  const server = createServer();
  const media = new WebSocketServer({ noServer: true });
  const host: ScriptedMediaHost = {
    url: '',
    admit: true,
    beforeAnswer: async () => undefined,
    beforeHangUp: () => undefined,
    refuseWith: undefined,
    asked: [],
    sockets: new Set(),
    close: () => closed(server),
  };
  server.on('request', async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    if (request.method === 'GET') return void response.writeHead(200).end('{}');
    if (host.admit === undefined) {
      host.beforeHangUp();
      return void response.destroy();
    }
    const admission = JSON.parse(body) as AdmissionRequest;
    host.asked.push({ request: admission, key: request.headers['x-switchboard-key'] as string | undefined });
    await host.beforeAnswer();
    if (host.refuseWith !== undefined) return void response.writeHead(host.refuseWith).end();
    const mediaUrl = `${host.url.replace('http', 'ws')}/api/v1/media/stream/${admission.callId}.secret`;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ admitted: host.admit, hostId: 'scripted', mediaUrl }));
  });
  server.on('upgrade', (request, socket, head) =>
    media.handleUpgrade(request, socket, head, ws => {
      host.sockets.add(ws);
      ws.on('close', () => host.sockets.delete(ws));
      ws.on('error', () => ws.terminate());
    }),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return host;

  function closed(listening: Server): Promise<void> {
    for (const ws of host.sockets) ws.terminate();
    return new Promise(resolve => {
      listening.close(() => resolve());
      listening.closeAllConnections();
    });
  }
}
