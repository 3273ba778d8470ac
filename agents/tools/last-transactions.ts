import { z } from 'zod';
import { dayOf } from '../business/days.ts';
import { callersRecords, transaction } from '../business/records.ts';
import { spokenAmount, spokenDay } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** What last moved on the caller's accounts. A few: nobody keeps a long list in mind that is read to them. */
export const lastTransactions = defineTool({
  name: 'last-transactions',
  description:
    'The latest transactions on the caller’s accounts, newest first; what was paid has "minus". ' +
    'Read out at most three, then ask whether the caller wants more.',
  parameters: z.object({ count: z.number().int().min(1).max(10).default(3).describe('How many') }),
  timeoutMs: 4000,
  needs: ['customer-id'],
  retries: 1,
  tags: ['banking'],
  personal: ['text', 'spoken'],
  holdWords: ['I am looking at your latest transactions.'],
  result: z.object({ transactions: z.array(z.object({ day: z.string(), text: z.string(), spoken: z.string() })) }),
  summarise: ({ transactions }) => `${transactions.length} transactions`,
  run: async ({ count }, context) => {
    const found = await callersRecords(context, 'transactions', transaction);
    const dated = found.map(({ on, ...rest }) => ({ ...rest, day: dayOf(on, context.now()) }));
    const latest = dated.sort((a, b) => b.day.localeCompare(a.day) || a.id.localeCompare(b.id)).slice(0, count);
    return {
      transactions: latest.map(({ day, text, cents, currency }) => ({
        day: spokenDay(day),
        text,
        spoken: spokenAmount(cents, currency),
      })),
    };
  },
});
