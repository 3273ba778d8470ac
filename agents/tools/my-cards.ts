import { z } from 'zod';
import { callersRecords, card } from '../business/records.ts';
import { spokenId } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** Which cards the caller has, by their last four digits. */
export const myCards = defineTool({
  name: 'my-cards',
  description: 'The caller’s cards with their last four digits and whether they are blocked.',
  parameters: z.object({}),
  timeoutMs: 4000,
  needs: ['customer-id'],
  retries: 1,
  tags: ['banking', 'cards'],
  personal: ['lastFour', 'spoken'],
  result: z.object({
    cards: z.array(z.object({ kind: z.string(), lastFour: z.string(), spoken: z.string(), status: z.string() })),
  }),
  summarise: ({ cards }) => `${cards.length} cards`,
  run: async (_, context) => {
    const cards = await callersRecords(context, 'cards', card);
    return {
      cards: cards.map(({ kind, lastFour, status }) => ({ kind, lastFour, spoken: spokenId(lastFour), status })),
    };
  },
});
