import { createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceError } from './service-error.ts';

/** How far the date of a request may be from our clock. */
const MAX_SKEW_MS = 15 * 60_000;

/** What a request claims: verb, the path as sent, and the two headers. */
export type Signed = { verb: string; path: string; date: string | undefined; authorization: string | undefined };

/**
 * Checks a master-key signature: HMAC-SHA256 with the base64 key over verb, resource type, resource link and date.
 * @throws ServiceError 401, or 403 for a date too far off.
 */
export function requireSignature({ verb, path, date, authorization }: Signed, key: Buffer): void {
  const token = new URLSearchParams(decodeOnce(authorization ?? '').replaceAll('+', '%2B'));
  if (!date || token.get('type') !== 'master' || token.get('ver') !== '1.0') {
    throw unauthorized('Required Header authorization is missing, or is not a master-key signature.');
  }
  const given = Buffer.from(token.get('sig') ?? '', 'base64');
  const links = new Set([path, decodeOnce(path)].map(resourceOf));
  const valid = [...links].some(resource => {
    const text = `${verb.toLowerCase()}\n${resource}\n${date.toLowerCase()}\n\n`;
    const expected = createHmac('sha256', key).update(text).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!valid)
    throw unauthorized('The MAC signature found in the HTTP request is not the same as the computed signature.');
  if (Math.abs(Date.parse(date) - Date.now()) > MAX_SKEW_MS) {
    throw new ServiceError(403, `The authorization token is not valid at the current time. Its date is ${date}.`);
  }
}

function unauthorized(why: string): ServiceError {
  return new ServiceError(
    401,
    `The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol. ${why}`,
  );
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `/dbs/d/colls` is the type colls of dbs/d; `/dbs/d/colls/c` is the type colls, itself; an offer is its bare id. */
function resourceOf(path: string): string {
  const segments = path.split('/').filter(segment => segment !== '');
  if (segments.length % 2 === 1) return `${segments.at(-1)}\n${segments.slice(0, -1).join('/')}`;
  const type = segments.at(-2) ?? '';
  return type === 'offers' ? `${type}\n${segments.at(-1)!.toLowerCase()}` : `${type}\n${segments.join('/')}`;
}
