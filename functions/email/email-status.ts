import { z } from 'zod';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';

/**
 * What became of the e-mail after a call, in the call's record: `email`. Where there are two, the one the caller asked for
 * is told of. News may come in any order and again: what is further on stays.
 */
export const emailStatus = z.object({
  /** The service's id of the message. */
  opId: z.string(),
  status: z.enum(['queued', 'sent', 'delivered', 'bounced', 'failed']),
  at: z.iso.datetime(),
  for: z.enum(['caller', 'operators']),
  code: z.string().optional(),
});
export type EmailStatus = z.infer<typeof emailStatus>;

/** What was given up may have been sent after all, and of several who get a message the worst news counts. */
const order: readonly EmailStatus['status'][] = ['queued', 'sent', 'failed', 'delivered', 'bounced'];

/** The one that stays. */
export function furtherOn(known: EmailStatus | undefined, news: EmailStatus): EmailStatus {
  if (!known) return news;
  if (known.opId === news.opId) return order.indexOf(news.status) > order.indexOf(known.status) ? news : known;
  return known.for === 'operators' && news.for === 'caller' ? news : known;
}

/** Others write the document too, hardly ever at the same moment. */
const tries = 5;

/** @throws CallError STORE_UNAVAILABLE */
export async function noteEmail(
  calls: Pick<Documents, 'read' | 'write'>,
  callId: string,
  news: EmailStatus,
): Promise<void> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const stored = await calls.read(callId, 'call');
    // A record whose time is up takes its e-mail's story with it.
    if (!stored) return;
    const known = emailStatus.safeParse(stored.fields['email']).data;
    const email = furtherOn(known, news);
    if (email === known) return;
    const { _etag, _rid, _self, _ts, _attachments, ...fields } = stored.fields;
    const document = { ...fields, email } as unknown as Parameters<Documents['write']>[0];
    if ((await calls.write(document, stored.etag)) !== undefined) return;
  }
  throw new CallError('STORE_UNAVAILABLE', { operation: 'note-email', status: 412 });
}
