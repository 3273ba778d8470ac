import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The call's own id, derived from ACS's correlationId (the one id both IncomingCall and every callback carry), so that
 * each delivery of one ring names the same call. 32 hex digits: safe in URLs, document ids and instance ids.
 */
export function callIdOf(correlationId: string): string {
  return createHash('sha256').update(`call:${correlationId}`).digest('hex').slice(0, 32);
}

export function isCallId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/**
 * `callbacks-out`: ACS chooses the correlationId of a call we place only after its callId is known, so at an address of
 * that purpose the address alone says which call an event is about.
 */
export type SecretPurpose = 'callbacks' | 'callbacks-out' | 'media';

/**
 * The secret part of a call's callback or media URL. It is computed, not stored: whoever holds CALL_SECRET can check it,
 * and one call's secret opens no other call and no other door.
 */
export function callSecret(key: string, purpose: SecretPurpose, callId: string): string {
  return createHmac('sha256', key).update(`${purpose}:${callId}`).digest('base64url').slice(0, 32);
}

/** Compares in constant time. */
export function isCallSecret(key: string, purpose: SecretPurpose, callId: string, given: string): boolean {
  const expected = Buffer.from(callSecret(key, purpose, callId));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** How a caller is known in records and logs: never the number itself. */
export function callerHash(key: string, rawId: string): string {
  return createHmac('sha256', key).update(`caller:${rawId}`).digest('hex').slice(0, 24);
}
