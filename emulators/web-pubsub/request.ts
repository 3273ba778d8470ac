/** The parts of a request that both doors read. */
import type { IncomingMessage } from 'node:http';

/** Longest body and longest frame. */
export const mostBytes = 1024 * 1024;

/** The address asked for; undefined when it is none. */
export function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, 'http://loopback') ? new URL(url, 'http://loopback') : undefined;
}

export function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

export function isHubName(name: string): boolean {
  return /^[A-Za-z][\w`,.[\]]{0,127}$/.test(name);
}

/** A part of a path without its escapes; undefined when they are broken. */
export function decodedPart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The whole body; undefined when it is longer than allowed. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= mostBytes) parts.push(part); // the rest is read and let go, so that the answer arrives
  }
  return bytes > mostBytes ? undefined : Buffer.concat(parts);
}
