import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A signature older or newer than this is refused; the SDK re-sends the first one through all its retries. */
const skewMs = 15 * 60_000;

export interface SignedRequest {
  method: string;
  /** The raw request target, path and query as received. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Why a request is not signed by `accessKey`, or undefined when it is.
 * The SDK signs the query as `URLSearchParams` writes it, which may differ from the raw target, so both forms count.
 * @param accessKey base64.
 * @param nowMs wall clock, ms.
 */
export function signatureFault(request: SignedRequest, accessKey: string, nowMs: number): string | undefined {
  const date = request.headers['x-ms-date'];
  const claimedHash = request.headers['x-ms-content-sha256'];
  const given = /^HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=(.+)$/.exec(
    request.headers.authorization ?? '',
  )?.[1];
  if (typeof date !== 'string' || typeof claimedHash !== 'string' || given === undefined) return 'not signed';
  if (!(Math.abs(nowMs - Date.parse(date)) <= skewMs)) return 'x-ms-date is more than 15 minutes off';
  if (createHash('sha256').update(request.body).digest('base64') !== claimedHash)
    return 'the body does not match its hash';
  const fits = targets(request.target).some(target =>
    same(given, sign(accessKey, `${request.method}\n${target}\n${date};${request.headers.host ?? ''};${claimedHash}`)),
  );
  return fits ? undefined : 'the signature does not match';
}

function targets(raw: string): string[] {
  const url = new URL(raw, 'http://loopback');
  const query = url.searchParams.toString();
  return [raw, query === '' ? url.pathname : `${url.pathname}?${query}`];
}

function sign(accessKey: string, text: string): string {
  return createHmac('sha256', Buffer.from(accessKey, 'base64')).update(text).digest('base64');
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
