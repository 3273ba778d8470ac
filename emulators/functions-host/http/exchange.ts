import type { IncomingMessage, ServerResponse } from 'node:http';

/*
 * One HTTP request and its answer, read once: the routes of the host see this and not Node's streams.
 */

/** As on Azure. @default 100 MB */
const maximumBodyBytes = 100 * 1024 * 1024;

export interface Exchange {
  method: string;
  /** scheme://host/path?query as the caller wrote it. */
  url: URL;
  /** Path without a trailing slash. */
  path: string;
  request: IncomingMessage;
  response: ServerResponse;
}

/** The body was larger than a function app accepts. */
export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';
}

export function exchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const url = new URL(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`);
  return { method: request.method ?? 'GET', url, path: url.pathname.replace(/\/+$/, ''), request, response };
}

/** Path segments, decoded. */
export function pathParts(path: string): string[] {
  return path
    .split('/')
    .filter(part => part !== '')
    .map(decodeSegment);
}

/** Undoes percent-encoding; what is no encoding stays as it is. */
export function decodeSegment(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBodyBytes) throw new BodyTooLarge(`A request body has at most ${maximumBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

export function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 });
  response.end();
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
}
