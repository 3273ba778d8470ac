import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../loopback.ts';
import { answerEmpty, exchange, pathParts } from '../http/exchange.ts';
import type { Log } from '../log.ts';
import { type ManagementApi, serveManagement } from './management-api.ts';

/*
 * The keyless management API that clients inside the app use (`rpcBaseUrl`). It has a port of its own, so that a tunnel
 * to the app never exposes it, and answers only to a loopback Host header, so that a web page cannot reach it either.
 */

export async function listenForLibrary(
  management: ManagementApi,
  log: Log,
): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    serve(management, request, response).catch((error: unknown) => {
      log({ level: 'error', category: 'host', message: String((error as Error).stack ?? error) });
      if (!response.headersSent) answerEmpty(response, 500);
    });
  });
  const port = await listenOnLoopback(server, 0);
  return { server, origin: `http://127.0.0.1:${port}` };
}

async function serve(management: ManagementApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchanged = exchange(request, response);
  const [mount, ...parts] = pathParts(exchanged.path);
  const local = exchanged.url.hostname === '127.0.0.1' || exchanged.url.hostname === 'localhost';
  if (!local || mount !== 'durabletask') answerEmpty(response, 404);
  else await serveManagement(management, exchanged, parts);
}
