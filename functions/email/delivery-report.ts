import { z } from 'zod';
import type { GridEvent } from '../acs/event-grid.ts';
import type { Documents } from '../store.ts';
import { type EmailStatus, emailStatus, noteEmail } from './email-status.ts';

/** What Event Grid tells of each recipient of an e-mail, noted in the record of the call that it was about. */
export const deliveryReportType = 'Microsoft.Communication.EmailDeliveryReportReceived';

const report = z.object({ messageId: z.string().min(1), status: z.string() });

/** `ignored`: of no call that is known, or nothing new. @throws CallError when it should come again */
export async function noteDelivery(
  calls: Documents,
  event: GridEvent,
  now: number,
): Promise<'processed' | 'ignored' | 'failed'> {
  const read = report.safeParse(event.data).data;
  if (!read) return 'failed';
  const status = statuses[read.status];
  if (status === undefined) return 'ignored';
  const found = await calls.query("SELECT c.callId, c.email FROM c WHERE c.type='call' AND c.email.opId=@opId", {
    opId: read.messageId,
  });
  const call = z.object({ callId: z.string(), email: emailStatus }).safeParse(found[0]).data;
  if (!call) return 'ignored';
  const { opId, for: reader } = call.email;
  const code = status === 'bounced' ? { code: read.status } : {};
  await noteEmail(calls, call.callId, { opId, status, at: new Date(now).toISOString(), for: reader, ...code });
  return 'processed';
}

const statuses: Readonly<Record<string, EmailStatus['status']>> = {
  Delivered: 'delivered',
  Bounced: 'bounced',
  Failed: 'bounced',
  Suppressed: 'bounced',
  Quarantined: 'bounced',
  FilteredSpam: 'bounced',
};
