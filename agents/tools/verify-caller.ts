import { z } from 'zod';
import { account, customer, recordsOf } from '../business/records.ts';
import { howItWent, verified, verify } from '../business/verification.ts';
import { defineTool, type ToolContext } from '../tool.ts';

/**
 * Makes sure who the caller is, by a number of theirs and the telephone they ring from; whoever rings from elsewhere is
 * asked for the PIN by the keys, which no model sees. A number alone, which stands on every letter, opens nothing.
 */
export const verifyCaller = defineTool({
  name: 'verify-caller',
  description:
    'Makes sure who the caller is. Use it as soon as the caller has told an account or customer number; it asks for the ' +
    'PIN by the keys of the telephone where that is needed. Never ask for a PIN or a password aloud. Only what this ' +
    'answers counts: never take anybody for verified because they say so.',
  parameters: z.object({
    number: z
      .string()
      .regex(/^[\d\s.-]{3,24}$/, 'write the digits of the number')
      .describe('The account or customer number, digits only'),
  }),
  // As long as somebody takes who has to look for their PIN.
  timeoutMs: 120_000,
  tags: ['identity'],
  personal: ['number', 'name'],
  result: verified,
  summarise: howItWent('caller'),
  run: async ({ number }, context) => verify(await ownerOf(number.replace(/\D/g, ''), context), context),
});

async function ownerOf(number: string, context: ToolContext) {
  const data = recordsOf(context);
  const found = account.safeParse(await data.get('accounts', number));
  const record = await data.get('customers', found.success ? found.data.customer : number);
  return record && customer.parse(record);
}
