/**
 * How a request shows that it knows the access key: an HMAC over verb, target, date, host and the body's hash. The SDK
 * signs the query as `URLSearchParams` writes it, which may differ from the target as sent, so both forms count.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const signed = 'x-ms-date;host;x-ms-content-sha256';
const mostSkewMs = 15 * 60_000;

export interface Signed {
  method: string;
  /** Path and query as they came. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Why the request is not signed with `key` (base64), or undefined when it is. @param now epoch milliseconds */
export function unsigned({ method, target, headers, body }: Signed, key: string, now: number): string | undefined {
  const { 'x-ms-date': date, 'x-ms-content-sha256': hash, authorization = '', host = '' } = headers;
  const prefix = `HMAC-SHA256 SignedHeaders=${signed}&Signature=`;
  if (typeof date !== 'string' || typeof hash !== 'string' || !authorization.startsWith(prefix)) return 'not signed';
  if (!(Math.abs(now - Date.parse(date)) <= mostSkewMs)) return 'its date is more than 15 minutes off';
  if (createHash('sha256').update(body).digest('base64') !== hash) return 'the body has another hash';
  const given = Buffer.from(authorization.slice(prefix.length));
  const { pathname, searchParams } = new URL(target, 'http://loopback');
  const fits = [target, `${pathname}?${searchParams}`].some(form => {
    const text = `${method}\n${form}\n${date};${host};${hash}`;
    const expected = Buffer.from(createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64'));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  return fits ? undefined : 'the signature does not fit';
}
