import { z } from 'zod';
import type { Carrier } from '../acs/call-automation.ts';

export const hangUpInput = z.object({ callId: z.string(), callConnectionId: z.string() });
export type HangUpInput = z.infer<typeof hangUpInput>;

export interface HangUpResult {
  /** The call had ended already, so nothing more will be reported of it. */
  gone: boolean;
}

/** Ends the call for everyone on it. Asked twice, it finds the call gone. */
export async function hangUp(carrier: Carrier, { callConnectionId }: HangUpInput): Promise<HangUpResult> {
  return { gone: (await carrier.hangUp(callConnectionId)) === 'gone' };
}
