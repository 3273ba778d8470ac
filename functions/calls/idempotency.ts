import { createHmac, randomBytes } from 'node:crypto';
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import type { Documents } from '../store.ts';

/**
 * What is asked twice under one Idempotency-Key is done once. Ids are made from the key, and what the key was first used
 * for is kept for a day; bodies hold numbers and words, so only a keyed digest of them is.
 */
const idempotencyKey = z.string().regex(/^[\w.:-]{8,128}$/);

/** `null` where the header is there and no key. */
export function keyOf(request: HttpRequest): string | undefined | null {
  const given = request.headers.get('idempotency-key');
  if (given === null) return undefined;
  return idempotencyKey.safeParse(given).data ?? null;
}

/** 32 hex digits: the same for the same key, anything without one. */
export function idFor(secret: string, scope: string, key: string | undefined): string {
  return key === undefined ? randomBytes(16).toString('hex') : digest(secret, `${scope}:${key}`);
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Tells one request from another without holding what it says. */
export function fingerprint(secret: string, what: string, body: unknown): string {
  return digest(secret, `asked:${what}:${JSON.stringify(body)}`);
}

function digest(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex').slice(0, 32);
}

const daySeconds = 86_400;

/** What was asked of a call, as it is kept. */
const asked = z.object({ what: z.string(), fingerprint: z.string(), at: z.number().int() });
export type Asked = z.infer<typeof asked>;

const documentId = (id: string): string => `asked:${id}`;

export async function askedBefore(documents: Documents, callId: string, id: string): Promise<Asked | undefined> {
  const stored = await documents.read(callId, documentId(id));
  return stored && asked.parse(stored.fields);
}

/** `other`: the id was used for something else. */
export async function noteAsked(
  documents: Documents,
  callId: string,
  id: string,
  now: Asked,
): Promise<'first' | 'again' | 'other'> {
  const document = { id: documentId(id), pk: callId, type: 'asked', ttl: daySeconds, ...now };
  if (await documents.write(document)) return 'first';
  const earlier = await askedBefore(documents, callId, id);
  return earlier?.fingerprint === now.fingerprint ? 'again' : 'other';
}
