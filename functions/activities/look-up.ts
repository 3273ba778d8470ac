import { z } from 'zod';
import type { Carrier } from '../acs/call-automation.ts';
import type { Look } from '../acs/look.ts';

export const lookUpInput = z.object({
  callId: z.string(),
  callConnectionId: z.string(),
  /** Somebody who may be in the call. */
  who: z.string().optional(),
});
export type LookUpInput = z.input<typeof lookUpInput>;

/** How the carrier itself sees the call: an end that was never reported is found out this way, and who is in it. */
export async function lookUp(carrier: Carrier, { callConnectionId, who }: z.output<typeof lookUpInput>): Promise<Look> {
  return carrier.look(callConnectionId, who);
}
