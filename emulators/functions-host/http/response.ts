import type { ServerResponse } from 'node:http';
import type { TypedData } from '../core-module.ts';

/*
 * Writes a function's buffered answer. Cookies follow ASP.NET: the value is URI-encoded and a cookie without a path is
 * valid for "/".
 */

interface Wrapped<Value> {
  value: Value;
}

export interface RpcCookie {
  name: string;
  value: string;
  domain?: Wrapped<string>;
  path?: Wrapped<string>;
  expires?: Wrapped<{ seconds: number }>;
  secure?: Wrapped<boolean>;
  httpOnly?: Wrapped<boolean>;
  /** 'none' means unset; a real SameSite=None is 'explicitNone'. */
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: Wrapped<number>;
}

/** Without a result the answer is an empty 200. */
export function writeRpcResponse(response: ServerResponse, result: TypedData | undefined): void {
  const http = result?.http ?? {};
  const body = bytesOf(http['body'] as TypedData | undefined);
  response.statusCode = Number(http['statusCode'] ?? 200);
  for (const [name, value] of Object.entries((http['headers'] as Record<string, string> | undefined) ?? {})) {
    if (name.toLowerCase() !== 'transfer-encoding') response.setHeader(name, value);
  }
  const cookies = (http['cookies'] as RpcCookie[] | undefined) ?? [];
  if (cookies.length > 0) response.setHeader('set-cookie', cookies.map(formatCookie));
  const bodiless = response.statusCode === 204 || response.statusCode === 304;
  if (!bodiless && !response.hasHeader('content-length')) response.setHeader('content-length', body.length);
  response.end(bodiless ? undefined : body);
}

export function formatCookie(cookie: RpcCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  if (cookie.expires) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.maxAge) parts.push(`max-age=${Math.trunc(cookie.maxAge.value)}`);
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  if (cookie.sameSite && cookie.sameSite !== 'none') parts.push(`samesite=${sameSites[cookie.sameSite]}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}

const sameSites = { lax: 'lax', strict: 'strict', explicitNone: 'none' };

function bytesOf(data: TypedData | undefined): Buffer {
  if (data?.bytes !== undefined) return Buffer.from(data.bytes);
  return Buffer.from(data?.string ?? data?.json ?? '');
}
