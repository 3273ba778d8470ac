import { z } from 'zod';
import { dayOf, daysAfter, today } from '../business/days.ts';
import { invoice, ofCaller, officeOf, recordsOf } from '../business/records.ts';
import { spokenDay } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** Gives the caller more time to pay an invoice, once. */
const moreDays = 14;

export const postponeInvoice = defineTool({
  name: 'postpone-invoice',
  description:
    `Gives the caller ${moreDays} more days to pay an open invoice; each can be postponed once. ` +
    'Use it after the caller has said yes to the new day.',
  parameters: z.object({
    number: z
      .string()
      .regex(/^[A-Za-z]{1,4}-\d{1,8}$/, 'write the number as my_invoices has it')
      .describe('As my_invoices has it'),
  }),
  timeoutMs: 10_000,
  effect: true,
  needs: ['customer-id'],
  tags: ['billing'],
  personal: ['number'],
  holdWords: ['I am noting the new day.'],
  result: z.object({ status: z.string(), due: z.string().optional() }),
  summarise: ({ status }) => status,
  run: async ({ number }, context) => {
    const id = number.toUpperCase();
    const found = ofCaller(await recordsOf(context).get('invoices', id), invoice, context);
    if (!found) return { status: 'no such invoice' };
    const { change, key } = officeOf(context);
    const now = context.now();
    let refused = '';
    const record = await change('invoices', id, key, before => {
      const { due, status, postponed } = invoice.parse(before);
      refused = status === 'paid' ? 'already paid' : postponed ? 'was postponed before' : '';
      if (refused !== '' || !before) return before ?? { id };
      const from = [dayOf(due, now), today(now)].sort().at(-1) ?? due;
      return { ...before, due: daysAfter(from, moreDays), postponed: true };
    });
    return refused === ''
      ? { status: 'postponed', due: spokenDay(invoice.parse(record).due) }
      : { status: `refused: ${refused}` };
  },
});
