import { z } from 'zod';
import { dayOf } from '../business/days.ts';
import { callersRecords, ticket } from '../business/records.ts';
import { spokenDay, spokenId } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** What the caller has reported, and how it stands. */
export const myTickets = defineTool({
  name: 'my-tickets',
  description: 'What the caller has reported to support before and how it stands. Use it when they ask about a report.',
  parameters: z.object({}),
  timeoutMs: 4000,
  needs: ['customer-id'],
  retries: 1,
  tags: ['support'],
  personal: ['number', 'subject', 'latest'],
  holdWords: ['I am looking up your reports.'],
  result: z.object({
    tickets: z.array(
      z.object({
        number: z.string(),
        subject: z.string(),
        day: z.string(),
        status: z.string(),
        latest: z.string().optional(),
      }),
    ),
  }),
  summarise: ({ tickets }) => `${tickets.length} tickets`,
  run: async (_, context) => {
    const found = await callersRecords(context, 'tickets', ticket);
    return {
      tickets: found.map(({ id, subject, on, status, latest }) => ({
        number: spokenId(id),
        subject,
        day: spokenDay(dayOf(on, context.now())),
        status,
        ...(latest !== undefined && { latest }),
      })),
    };
  },
});
