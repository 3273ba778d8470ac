import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';

/**
 * Who wants the summary of a call: `sessions`, in the call's partition, for a week. Addresses are kept here and nowhere
 * else; orchestrations and logs know a wish by its id, which is made of the address, so one address is one wish.
 */
export interface SummaryWishes {
  /** @returns its id */
  note(callId: string, to: string): Promise<string>;
  /** @returns their ids */
  of(callId: string): Promise<string[]>;
  addressOf(callId: string, wish: string): Promise<string | undefined>;
}

const weekSeconds = 7 * 86_400;
const wishDocument = z.object({ to: z.string() });
const documentId = (wish: string): string => `summary:${wish}`;

export function summaryWishes(documents: Documents, secret: string): SummaryWishes {
  return {
    async note(callId, to) {
      const address = to.trim();
      const wish = createHmac('sha256', secret).update(`summary:${address.toLowerCase()}`).digest('hex').slice(0, 16);
      const document = { id: documentId(wish), pk: callId, type: 'summary-wish', ttl: weekSeconds, to: address };
      if ((await documents.write(document)) !== undefined) return wish;
      if (await documents.read(callId, documentId(wish))) return wish;
      throw new CallError('STORE_UNAVAILABLE', { operation: 'note-summary', status: 409 });
    },

    async of(callId) {
      const found = await documents.query("SELECT VALUE c.id FROM c WHERE c.type='summary-wish'", {}, callId);
      return z
        .array(z.string())
        .parse(found)
        .map(id => id.slice(documentId('').length));
    },

    async addressOf(callId, wish) {
      const stored = await documents.read(callId, documentId(wish));
      return stored && wishDocument.parse(stored.fields).to;
    },
  };
}
