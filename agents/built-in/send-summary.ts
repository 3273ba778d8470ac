import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Has the summary of the call sent when it has ended. */
const address = z
  .string()
  .trim()
  .max(254)
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/,
    'write an address such as ann@example.com',
  );

export const sendSummary = defineTool({
  name: 'send-summary',
  description:
    'Sends the caller a summary of this call by e-mail, after the call. ' +
    'Use it when the caller wants one; read the address back and have it confirmed before.',
  parameters: z.object({ to: address.describe('The e-mail address that the caller has confirmed') }),
  timeoutMs: 10_000,
  effect: true,
  tags: ['after-call'],
  personal: ['to'],
  summarise: result =>
    (result as { status?: string }).status?.startsWith('refused')
      ? 'no e-mail can be sent'
      : 'a summary is sent after the call',
  run: async ({ to }, { office, idempotencyKey }) => {
    if (!office || !idempotencyKey) throw new Error('an effect is carried out by the control plane');
    if ((await office.sendSummary(idempotencyKey, to)) === 'no-email')
      return { status: 'refused: no e-mail can be sent from here' };
    return { status: 'the summary is sent when the call has ended' };
  },
});
