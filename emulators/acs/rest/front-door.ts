/**
 * The REST door: faults, signature, repeatability, routing, error bodies. A repeated request gets the first reply again
 * and has no second effect, also when the first is still under way.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.ts';
import { AcsError } from './acs-error.ts';
import type { Operation, Reply } from './operation.ts';
import { signatureFault } from './signature.ts';

/** Replies kept for repetitions. */
const keptReplies = 5_000;

export interface WireRequest {
  method: string;
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** `reset` cuts the connection instead of answering. */
export type WireReply = { status: number; headers: Record<string, string>; body: string | Buffer } | 'reset';

/** Answers one REST request. Never rejects. */
export type FrontDoor = (request: WireRequest) => Promise<WireReply>;

export function createFrontDoor(exchange: Exchange, accessKey: string, operations: Operation[]): FrontDoor {
  const { faults } = exchange;
  const replies = new Map<string, Promise<Reply>>();
  const routes = operations.map(operation => ({ operation, pattern: patternOf(operation.path) }));

  return async request => {
    const path = request.target.split('?', 1)[0] ?? '';
    if (faults.slowMs > 0) await new Promise<void>(resolve => exchange.alarms.after(faults.slowMs, resolve));
    const isHit = path.includes(faults.faultPath);
    if (isHit && take('resetNext')) return 'reset';
    if (isHit && take('throttleNext')) return wire(request, throttled());
    if (isHit && take('failNext')) return wire(request, failed());
    const why = faults.verifyHmac ? signatureFault(request, accessKey, Date.now()) : undefined;
    if (why) {
      exchange.log(`401 ${request.method} ${path}: ${why}`);
      return wire(request, { status: 401, body: new AcsError(401, '7509', 'Hmac Validation Error').body });
    }
    const isLost = isHit && take('loseReplyNext');
    const reply = await once(request, path);
    return wire(request, isLost ? failed() : reply);
  };

  function take(counter: 'resetNext' | 'throttleNext' | 'failNext' | 'loseReplyNext'): boolean {
    if (faults[counter] <= 0) return false;
    faults[counter]--;
    return true;
  }

  function throttled(): Reply & { retryAfter?: string } {
    const wait = faults.throttleRetryAfterS;
    const body = new AcsError(429, '8516', 'Too many requests.').body;
    return { status: 429, body, ...(wait === null ? {} : { retryAfter: String(wait) }) };
  }

  function failed(): Reply {
    return { status: faults.failStatus, body: new AcsError(faults.failStatus, '9002', 'Upstream failure.').body };
  }

  function once(request: WireRequest, path: string): Promise<Reply> {
    const id = request.headers['repeatability-request-id'];
    if (typeof id !== 'string') return perform(request, path);
    const key = `${id} ${request.method} ${path}`;
    const earlier = replies.get(key);
    if (earlier) return earlier;
    const reply = perform(request, path);
    replies.set(key, reply);
    if (replies.size > keptReplies) replies.delete(replies.keys().next().value!);
    return reply;
  }

  async function perform(request: WireRequest, path: string): Promise<Reply> {
    try {
      for (const { operation, pattern } of routes) {
        const params = operation.method === request.method ? pattern.exec(path)?.slice(1) : undefined;
        if (!params) continue;
        const version = new URL(request.target, 'http://loopback').searchParams.get('api-version') ?? '';
        return await operation.run(exchange, params.map(decodeURIComponent), json(request.body), version);
      }
      return { status: 404, body: new AcsError(404, '8520', `No operation ${request.method} ${path}.`).body };
    } catch (error) {
      if (error instanceof AcsError) return { status: error.status, body: error.body };
      exchange.log(`500 ${request.method} ${path}: ${(error as Error).stack}`);
      return { status: 500, body: new AcsError(500, '9999', (error as Error).message).body };
    }
  }
}

function wire(request: WireRequest, reply: Reply & { retryAfter?: string }): WireReply {
  const clientId = request.headers['x-ms-client-request-id'];
  // Recorded on operations of a call, and absent on create and answer.
  const isRepeatable = /\/(callConnections|recordings)\/[^?]/.test(request.target);
  const isRepetition = request.headers['repeatability-request-id'] !== undefined && isRepeatable && reply.status < 400;
  const body = reply.body === undefined ? '' : JSON.stringify(reply.body);
  return {
    status: reply.status,
    body,
    headers: {
      ...(reply.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...(typeof clientId === 'string' ? { 'x-ms-client-request-id': clientId } : {}),
      ...(reply.correlationId ? { 'X-Microsoft-Skype-Chain-ID': reply.correlationId } : {}),
      ...(isRepetition ? { 'Repeatability-Result': 'accepted' } : {}),
      ...(reply.retryAfter === undefined ? {} : { 'Retry-After': reply.retryAfter }),
    },
  };
}

function json(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new AcsError(400, '8523', `The body is not JSON: ${(error as Error).message}`);
  }
}

function patternOf(path: string): RegExp {
  const literal = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('\\{\\}', '([^/:]+)')}$`);
}
