import { z } from 'zod';
import type { Carrier } from '../acs/call-automation.ts';

export const lookUpInput = z.object({ callId: z.string(), callConnectionId: z.string() });
export type LookUpInput = z.infer<typeof lookUpInput>;

/** Whether the carrier still has the call: an end that was never reported is found out this way. */
export async function lookUp(carrier: Carrier, { callConnectionId }: LookUpInput): Promise<{ up: boolean }> {
  return { up: await carrier.isUp(callConnectionId) };
}
