import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { TypedData } from '../core-module.ts';
import { answerEmpty, type Exchange } from './exchange.ts';
import { requestHeaders, requestQuery } from './request.ts';

/*
 * HTTP streaming: the library runs its own server, and the host forwards the request there under the id of the
 * invocation. The answer streams back as the handler writes it.
 */

/** Trigger metadata of a streamed request; route parameters travel only here. */
export function streamMetadata(exchange: Exchange, params: Record<string, string>): Record<string, TypedData> {
  const metadata: Record<string, TypedData> = {
    Headers: { json: JSON.stringify(requestHeaders(exchange)) },
    Query: { json: JSON.stringify(requestQuery(exchange)) },
  };
  for (const [name, value] of Object.entries(params)) metadata[name] = { string: value };
  return metadata;
}

/**
 * Forwards the request and resolves when the answer is written.
 * @param target `HttpUri` of the library
 * @param ended settles with the invocation; true means it succeeded. A handler that returns nothing never answers the
 * forwarded request, so the end of the invocation must finish the answer.
 */
export async function forward(
  exchange: Exchange,
  target: string,
  invocationId: string,
  ended: Promise<boolean>,
): Promise<void> {
  const { request, response, url } = exchange;
  const upstream = httpRequest(new URL(url.pathname + url.search, target), {
    method: exchange.method,
    headers: {
      ...requestHeaders(exchange),
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': url.host,
      'x-forwarded-proto': url.protocol.slice(0, -1),
    },
  });
  const answered = new Promise<IncomingMessage | undefined>(resolve => {
    upstream.once('response', resolve);
    upstream.once('error', () => resolve(undefined));
  });
  response.once('close', () => upstream.destroy());
  const sent = send(request, upstream);
  const answer = await Promise.race([answered, ended.then(ok => waitForHead(answered, ok))]);
  if (answer) {
    const { 'x-ms-invocation-id': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 200, headers);
    response.flushHeaders();
    await pipeline(answer, response).catch(() => response.destroy());
  } else if (!response.headersSent) {
    answerEmpty(response, (await ended) ? 200 : 500);
  }
  upstream.destroy();
  await sent;
}

async function send(request: IncomingMessage, upstream: ClientRequest): Promise<void> {
  try {
    await pipeline(request, upstream);
  } catch {
    // The caller hung up, or the library did not read the body; the answer decides what happens.
    upstream.destroy();
  }
}

/** A successful handler's answer may still be on its way when the invocation ends; a failed one has none. */
async function waitForHead(
  answered: Promise<IncomingMessage | undefined>,
  ok: boolean,
): Promise<IncomingMessage | undefined> {
  if (!ok) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), 100);
  });
  const answer = await Promise.race([answered, patience]);
  clearTimeout(timer);
  return answer;
}
