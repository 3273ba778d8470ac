import { createHash } from 'node:crypto';
import { z } from 'zod';
import { today } from '../business/days.ts';
import { callersId, ofCaller, officeOf, ticket } from '../business/records.ts';
import { spokenId } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** Reports a problem to the technicians. Its number follows from the effect's key: asked for twice, it is the same report. */
export const openTicket = defineTool({
  name: 'open-ticket',
  description:
    'Reports a problem that you could not solve to the technicians, who answer within one working day. ' +
    'Tell the caller the number as it stands in the answer.',
  parameters: z.object({
    subject: z.string().trim().min(3).max(80).describe('The problem in a few words'),
    details: z.string().trim().max(500).default('').describe('What was tried and what happened'),
  }),
  timeoutMs: 10_000,
  effect: true,
  needs: ['customer-id'],
  tags: ['support'],
  personal: ['subject', 'details', 'number'],
  holdWords: ['I am writing your report.'],
  result: z.object({ status: z.literal('reported'), number: z.string() }),
  summarise: ({ status }) => status,
  run: async ({ subject, details }, context) => {
    const { change, key } = officeOf(context);
    const id = `T-${numberOf(key)}`;
    const customer = callersId(context);
    const on = today(context.now());
    await change('tickets', id, key, before => {
      if (before && !ofCaller(before, ticket, context)) throw new Error('this number is taken');
      return before ?? { id, customer, subject, details, on, status: 'open' };
    });
    return { status: 'reported', number: spokenId(id) };
  },
});

const numberOf = (key: string): string =>
  String(createHash('sha256').update(key).digest().readUInt32BE() % 100_000_000).padStart(8, '0');
