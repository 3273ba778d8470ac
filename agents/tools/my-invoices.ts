import { z } from 'zod';
import { dayOf, today } from '../business/days.ts';
import { callersRecords, invoice } from '../business/records.ts';
import { spokenAmount, spokenDay, spokenId } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** The caller's invoices, those to be paid first. */
export const myInvoices = defineTool({
  name: 'my-invoices',
  description:
    'The caller’s invoices: what for, how much, until when, and whether they are open, overdue or paid. ' +
    'Say amounts, days and numbers as they stand here.',
  parameters: z.object({ which: z.enum(['open', 'all']).default('open').describe('Those to be paid, or all') }),
  timeoutMs: 4000,
  needs: ['customer-id'],
  retries: 1,
  tags: ['billing'],
  personal: ['number', 'spoken', 'amount', 'text'],
  holdWords: ['I am looking up your invoices.', 'One moment, I have your account open.'],
  result: z.object({
    invoices: z.array(
      z.object({
        number: z.string(),
        spoken: z.string(),
        text: z.string(),
        amount: z.string(),
        due: z.string(),
        status: z.enum(['open', 'overdue', 'paid']),
        canBePostponed: z.boolean(),
      }),
    ),
  }),
  summarise: ({ invoices }) => `${invoices.length} invoices`,
  run: async ({ which }, context) => {
    const now = context.now();
    const found = await callersRecords(context, 'invoices', invoice, which === 'open' ? { status: 'open' } : {});
    const dated = found.map(each => ({ ...each, due: dayOf(each.due, now) }));
    return {
      invoices: dated
        .sort((a, b) => a.status.localeCompare(b.status) || a.due.localeCompare(b.due))
        .map(({ id, text, cents, currency, due, status, postponed }) => ({
          number: id,
          spoken: spokenId(id),
          text,
          amount: spokenAmount(cents, currency),
          due: spokenDay(due),
          status: status === 'open' && due < today(now) ? 'overdue' : status,
          canBePostponed: status === 'open' && !postponed,
        })),
    };
  },
});
