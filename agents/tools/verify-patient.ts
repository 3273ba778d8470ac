import { z } from 'zod';
import { spokenDate } from '../business/days.ts';
import { customer, recordsOf } from '../business/records.ts';
import { howItWent, verified, verifyByTelephone } from '../business/verification.ts';
import { defineTool } from '../tool.ts';

/** Makes sure who a patient is, by the date of birth and the telephone they have always rung from. */
export const verifyPatient = defineTool({
  name: 'verify-patient',
  description:
    'Makes sure which patient rings. Use it before you book, move, cancel or read out an appointment, as soon as the ' +
    'caller has told their date of birth. Only what this answers counts.',
  parameters: z.object({
    born: z
      .string()
      .max(30)
      .refine(text => spokenDate(text) !== undefined, 'write a day such as 1984-03-09')
      .describe('The date of birth, such as 1984-03-09'),
  }),
  timeoutMs: 5000,
  retries: 1,
  tags: ['identity', 'clinic'],
  personal: ['born', 'name'],
  result: verified,
  summarise: howItWent('patient'),
  run: async ({ born }, context) => {
    const found = await recordsOf(context).find('customers', { born: spokenDate(born) ?? born });
    return verifyByTelephone(
      found.map(record => customer.parse(record)),
      context,
    );
  },
});
