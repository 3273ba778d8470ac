import { z } from 'zod';
import { callersRecords, card, ofCaller, officeOf } from '../business/records.ts';
import { spokenId } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** Blocks a card of the caller's, for good. Blocking one that is blocked changes nothing. */
export const blockCard = defineTool({
  name: 'block-card',
  description:
    'Blocks one of the caller’s cards; it cannot be undone by telephone. ' +
    'Use it only after the caller has said yes to exactly this card.',
  parameters: z.object({
    lastFour: z
      .string()
      .regex(/^\d{4}$/, 'write the last four digits')
      .describe('The last four digits of the card'),
  }),
  timeoutMs: 10_000,
  effect: true,
  needs: ['customer-id'],
  tags: ['banking', 'cards'],
  personal: ['lastFour', 'card'],
  holdWords: ['I am blocking the card now.', 'One moment, your card is being blocked.'],
  result: z.object({ status: z.enum(['blocked', 'no such card']), card: z.string() }),
  summarise: ({ status }) => `card: ${status}`,
  run: async ({ lastFour }, context) => {
    const spoken = spokenId(lastFour);
    const [found] = await callersRecords(context, 'cards', card, { lastFour });
    if (!found) return { status: 'no such card', card: spoken };
    const { change, key } = officeOf(context);
    const now = await change('cards', found.id, key, record =>
      record && ofCaller(record, card, context) ? { ...record, status: 'blocked' } : missing(),
    );
    return { status: now['status'] === 'blocked' ? 'blocked' : 'no such card', card: spoken };
  },
});

function missing(): never {
  throw new Error('the card is gone');
}
