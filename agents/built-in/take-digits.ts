import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Digits that are no secret, by the keys of the telephone; the model gets them. For a PIN there is check-pin. */
export const takeDigits = defineTool({
  name: 'take-digits',
  description:
    'Takes a number that the caller enters with the keys of the telephone, such as an order or customer number. ' +
    'In the same answer say what to enter, and that the hash key ends it. Callers who say the number instead are heard too. ' +
    'Never use it for a PIN, a password or a card number.',
  parameters: z.object({
    what: z.string().trim().min(1).max(60).describe('What is entered, in a few words'),
    length: z.number().int().min(1).max(32).optional().describe('How many digits it has, if that is certain'),
  }),
  // As long as three tries of somebody who looks for their glasses.
  timeoutMs: 120_000,
  tags: ['call'],
  personal: ['digits'],
  result: z.object({ digits: z.string().nullable(), what: z.string(), status: z.string().optional() }),
  summarise: ({ digits }) => (digits === null ? 'nothing was entered' : `${digits.length} keys`),
  run: async ({ what, length }, { takeDigits: take }) => {
    if (!take) throw new Error('there is no caller on the line');
    const { digits } = await take({ secret: false, ...(length !== undefined && { length }) });
    return digits === undefined
      ? { digits: null, what, status: 'the caller entered nothing usable' }
      : { digits, what };
  },
});
