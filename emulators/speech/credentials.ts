/**
 * Who may connect. The SDK sends its credentials in headers and, on runtimes with a global WebSocket, only in the query; so
 * either place counts, and no URL or header may reach a log unredacted.
 */
import type { IncomingMessage } from 'node:http';

export interface Credentials {
  key: string;
  /** Bearer tokens that are accepted, bare or as `aad#<resource id>#<token>`. */
  tokens: readonly string[];
}

const KEY_NAME = 'Ocp-Apim-Subscription-Key';
const SECRET_PARAMETERS = /((?:Ocp-Apim-Subscription-Key|Authorization|api-key|access_token)=)[^&\s]*/gi;

export function isAllowed(request: IncomingMessage, url: URL, { key, tokens }: Credentials): boolean {
  const presentedKey = request.headers[KEY_NAME.toLowerCase()] ?? parameter(url, KEY_NAME);
  if (presentedKey !== undefined) return presentedKey === key;
  const authorization = request.headers.authorization ?? parameter(url, 'Authorization');
  const token = /^Bearer (?:aad#[^#]*#)?(.+)$/.exec(authorization ?? '')?.[1];
  return token !== undefined && tokens.includes(token);
}

/** The URL as it may be logged. */
export function redacted(url: string): string {
  return url.replace(SECRET_PARAMETERS, '$1***');
}

function parameter(url: URL, name: string): string | undefined {
  for (const [key, value] of url.searchParams) if (key.toLowerCase() === name.toLowerCase()) return value;
  return undefined;
}
