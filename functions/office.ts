import type { DurableClient } from 'durable-functions';
import type { Office } from '../agents/tool.ts';
import { beginSummary } from './activities/begin-summaries.ts';
import { beginCallBack } from './call-backs/begin.ts';
import type { ControlPlane } from './control-plane.ts';
import { sendsEmail } from './settings.ts';

/** What an effect can have done by the control plane after its call. Asked again under one key, it is done once. */
export type OfficePlane = Pick<ControlPlane, 'settings' | 'store' | 'wishes' | 'callBacks'>;

export function officeOf(plane: OfficePlane, client: DurableClient): (callId: string) => Office {
  const { settings, store, wishes } = plane;
  return callId => ({
    async sendSummary(_key, to) {
      if (!sendsEmail(settings)) return 'no-email';
      const wish = await wishes.note(callId, to);
      // The end of a call looks for wishes after its record is final, so one of the two sees the other.
      if ((await store.read(callId))?.state === 'final') await beginSummary(client, { callId, wish });
      return undefined;
    },
    callBack: (key, at, facts) => beginCallBack(plane, client, { callId, key, at, facts }),
  });
}
