/** The door of the REST data plane: finds the operation, checks the token of the request, answers errors in one shape. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { audiences, readToken } from '../access-token.ts';
import { count } from '../ledger.ts';
import { bearerOf, bodyOf, decodedPart, isHubName } from '../request.ts';
import type { Service } from '../service.ts';
import { membershipOperations } from './membership.ts';
import type { Operations, Reply } from './operation.ts';
import { presenceOperations } from './presence.ts';
import { badRequest, notFound, RestError } from './rest-error.ts';
import { sendOperations } from './send.ts';

const operations: Operations = { ...sendOperations, ...membershipOperations, ...presenceOperations };
const routes = Object.entries(operations).map(([route, run]) => {
  const [method = '', path = ''] = route.split(' ');
  return { method, pattern: new RegExp(`^${path.replaceAll('{}', '([^/]+)')}$`), run, isSend: path.endsWith(':send') };
});

/** Answers one request below /api. */
export async function serveRest(service: Service, request: IncomingMessage, response: ServerResponse, url: URL) {
  try {
    if (url.pathname === '/api/health') return write(response, { status: 200 });
    const reply = await answer(service, request, url);
    const slow = service.faults.take('slow');
    if (!slow) return write(response, reply);
    const timer = setTimeout(() => write(response, reply), slow.byMs);
    response.once('close', () => clearTimeout(timer));
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    count(service.ledger.counters.refused, error.status);
    // Only this message is free of what the caller sent.
    const why = error.status === 401 ? error.message : error.code;
    service.options.log(`refused ${error.status} ${request.method} REST: ${why}`);
    const wait = error.retryAfterSeconds;
    const retry = wait === undefined ? {} : { 'retry-after': String(wait) };
    write(response, { status: error.status, body: error.body }, { 'x-ms-error-code': error.code, ...retry });
  }
}

async function answer(service: Service, request: IncomingMessage, url: URL): Promise<Reply> {
  const [, hubName = '', path = ''] = /^\/api\/hubs\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
  const body = await bodyOf(request);
  authenticate(service, request, url, Date.now());
  if (!body) throw new RestError(413, 'PayloadTooLarge', 'The body is longer than 1 MiB.');
  const hub = decodedPart(hubName) ?? '';
  for (const { method, pattern, run, isSend } of routes) {
    const parts = method === request.method ? pattern.exec(path)?.slice(1) : undefined;
    if (!parts) continue;
    if (!isHubName(hub)) throw badRequest('This is not the name of a hub.');
    const names = parts.map(part => decodedPart(part) ?? '');
    if (names.some(name => name === '' || name.length > 1024)) throw badRequest('A name in the path is wrong.');
    if (!url.searchParams.has('api-version')) throw badRequest('api-version is missing.');
    if (!isSend) strike(service);
    const contentType = request.headers['content-type'] ?? '';
    const origin = `http://${request.headers.host}`;
    return run({ service, hub: service.hub(hub), names, query: url.searchParams, contentType, body, origin });
  }
  throw notFound('operation');
}

/** @throws RestError 401 unless the request carries a token for this very path, or for a path above it. */
function authenticate(service: Service, request: IncomingMessage, { pathname }: URL, nowMs: number): void {
  const token = bearerOf(request);
  if (token === undefined) throw unauthorized('no token');
  if (service.faults.take('expired', ({ of }) => of !== 'clients')) throw unauthorized('expired');
  if (service.options.bearers.includes(token)) return;
  const reading = readToken(token, service.options.accessKey, nowMs);
  if ('fault' in reading) throw unauthorized(reading.fault);
  const isMeant = (path: string) =>
    path.startsWith('/api/') && `${pathname}/`.startsWith(`${path.replace(/\/$/, '')}/`);
  if (!audiences(reading.claims).some(({ pathname: path }) => isMeant(path)))
    throw unauthorized('for another audience');
}

const unauthorized = (why: string) => new RestError(401, 'Unauthorized', `The token is not accepted: ${why}.`);

function strike(service: Service): void {
  const fault = service.faults.take('rest');
  if (fault) throw new RestError(fault.status, 'Fault', 'A fault was set.', fault.retryAfterSeconds);
}

function write(response: ServerResponse, { status, body }: Reply, headers: Record<string, string> = {}): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  const length = status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  response.writeHead(status, { ...type, ...length, ...headers });
  response.end(text);
}
