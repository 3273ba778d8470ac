/**
 * The tokens of REST requests and of clients: HS256, signed with the text of the access key (it is not decoded, whatever it
 * looks like). Written out here because a check must be done before the socket is answered, and libraries only promise one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const some = z
  .union([z.string(), z.array(z.string())])
  .transform(value => (typeof value === 'string' ? [value] : value));
const header = z.looseObject({ alg: z.literal('HS256') });
const claims = z.looseObject({
  aud: some,
  exp: z.number(),
  nbf: z.number().optional(),
  sub: z.string().optional(),
  role: some.default([]),
  'webpubsub.group': some.default([]),
});
export type Claims = z.output<typeof claims>;

export type TokenReading = { claims: Claims } | { fault: string };

/** @param nowMs wall clock, ms. */
export function readToken(token: string, key: string, nowMs: number): TokenReading {
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || !header.safeParse(decoded(head)).success) return { fault: 'not an HS256 token' };
  const given = Buffer.from(signature, 'base64url');
  const right = signatureOf(`${head}.${body}`, key);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return { fault: 'signed with another key' };
  const read = claims.safeParse(decoded(body));
  if (!read.success) return { fault: 'aud or exp is missing' };
  if (read.data.exp * 1000 <= nowMs) return { fault: 'expired' };
  if (read.data.nbf !== undefined && read.data.nbf * 1000 > nowMs) return { fault: 'not valid yet' };
  return { claims: read.data };
}

export function signToken(payload: Record<string, unknown>, key: string): string {
  const text = [{ alg: 'HS256', typ: 'JWT' }, payload].map(part => encoded(JSON.stringify(part))).join('.');
  return `${text}.${signatureOf(text, key).toString('base64url')}`;
}

/** For whom a token is; what is no URL is for nobody. Only paths should count: behind a proxy hosts differ. */
export function audiences({ aud }: Claims): URL[] {
  return aud.flatMap(text => (URL.canParse(text) ? [new URL(text)] : []));
}

function signatureOf(text: string, key: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(text).digest();
}

const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined; // no token at all, which the schema then says
  }
}
