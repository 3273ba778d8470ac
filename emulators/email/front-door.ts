/** The REST wire: signature or token, faults, the two operations, and refusals in the service's own shape. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from './faults.ts';
import { EmailError } from './message.ts';
import type { Operation, PostOffice } from './post-office.ts';
import { unsigned } from './signature.ts';

export interface FrontDoorParts {
  /** base64 */
  accessKey: string;
  /** Entra tokens that open it too. */
  bearers: readonly string[];
  faults: Faults;
  post: PostOffice;
  /** What senders are told to wait before they ask how it went, seconds. */
  retryAfterSeconds: number;
  url: () => string;
  counters: { sends: number; polls: number; refused: Record<number, number> };
}

const version = '2025-09-01';

export async function serveRest(
  parts: FrontDoorParts,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const { counters } = parts;
  try {
    const { status, operation } = await carriedOut(parts, request, body);
    const headers = {
      'operation-location': `${parts.url()}/emails/operations/${operation.id}?api-version=${version}`,
      ...(operation.status === 'Running' && { 'retry-after': String(parts.retryAfterSeconds) }),
    };
    reply(response, status, { error: null, ...operation }, headers);
  } catch (error) {
    if (!(error instanceof EmailError)) throw error;
    const { status, code, message, retryAfter } = error;
    counters.refused[status] = (counters.refused[status] ?? 0) + 1;
    const more = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    reply(response, status, { error: { code, message } }, { 'x-ms-error-code': code, ...more });
  }
}

async function carriedOut(
  { accessKey, bearers, faults, post, counters }: FrontDoorParts,
  { method = 'GET', url: target = '/', headers }: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; operation: Operation }> {
  const { pathname, searchParams } = new URL(target, 'http://loopback');
  const id = /^\/emails\/operations\/([^/]+)$/.exec(pathname)?.[1];
  const does = method === 'POST' && pathname === '/emails:send' ? 'send' : method === 'GET' && id ? 'poll' : undefined;
  const strikes = (fault: { on: 'send' | 'poll' | 'both' }) => fault.on === 'both' || fault.on === does;
  const throttled = faults.take('throttle', strikes);
  if (throttled) throw new EmailError(429, 'TooManyRequests', 'Slow down.', throttled.retryAfterSeconds);
  const failed = faults.take('fail', strikes);
  if (failed && !failed.taken) throw failing(failed.status);

  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const isKnown = bearer !== undefined && bearers.includes(bearer);
  const fault = isKnown ? undefined : unsigned({ method, target, headers, body }, accessKey, Date.now());
  if (fault) throw new EmailError(401, 'Denied', `Denied by the resource provider: ${fault}.`);
  if (!does) throw new EmailError(404, 'NotFound', `No ${method} ${pathname}.`);
  if (searchParams.get('api-version') === null) throw new EmailError(400, 'BadRequest', 'api-version is missing.');

  counters[does === 'send' ? 'sends' : 'polls'] += 1;
  if (does === 'poll') {
    const operation = post.look(id ?? '', Date.now());
    if (failed) throw failing(failed.status);
    return { status: 200, operation };
  }
  const given = headers['operation-id'];
  const operation = await post.take(json(body), typeof given === 'string' ? given : undefined, Date.now());
  if (failed) throw failing(failed.status);
  return { status: 202, operation };
}

const failing = (status: number) => new EmailError(status, 'InternalServerError', 'The stand-in was told to fail.');

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new EmailError(400, 'BadRequest', `The body is not JSON: ${(error as Error).message}`);
  }
}

export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
