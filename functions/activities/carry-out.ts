import { z } from 'zod';
import type { Carrier } from '../acs/call-automation.ts';
import { type OrderReply, order } from '../acs/orders.ts';
import type { Log } from '../log.ts';

export const carryOutInput = z.object({
  callId: z.string(),
  callConnectionId: z.string(),
  order,
  /** Of the operation; the event that ends it brings it back. */
  context: z.string(),
});
export type CarryOutInput = z.infer<typeof carryOutInput>;

/**
 * Asks the carrier for one order. Run again with the same context it asks for the same operation.
 * @throws CallError when trying again can help
 */
export async function carryOut(carrier: Carrier, input: CarryOutInput, log: Log): Promise<OrderReply> {
  const { callId, callConnectionId, order, context } = input;
  const reply = await carrier.carryOut(callConnectionId, order, context, callId);
  const of = { callId, operation: order.do, type: reply.outcome };
  if (reply.outcome === 'refused') log.warn('order.refused', { ...of, status: reply.status, code: reply.code });
  else log.info('order', of);
  return reply;
}
