import { z } from 'zod';
import { account, callersRecords } from '../business/records.ts';
import { spokenAmount, spokenId } from '../business/spoken.ts';
import { defineTool } from '../tool.ts';

/** What is on the caller's accounts. Whose accounts, the call knows; the model cannot ask for another's. */
export const accountBalance = defineTool({
  name: 'account-balance',
  description: 'The balance of each of the caller’s accounts. Say the amount as `spoken` has it.',
  parameters: z.object({}),
  timeoutMs: 4000,
  needs: ['customer-id'],
  retries: 1,
  tags: ['banking'],
  personal: ['account', 'balance', 'spoken', 'number'],
  holdWords: ['I am looking at your accounts.', 'Just a moment, your balance is coming up.'],
  result: z.object({
    accounts: z.array(z.object({ kind: z.string(), number: z.string(), balance: z.string(), spoken: z.string() })),
  }),
  summarise: ({ accounts }) => `balances of ${accounts.length} accounts`,
  run: async (_, context) => {
    const accounts = await callersRecords(context, 'accounts', account);
    return {
      accounts: accounts.map(({ id, kind, cents, currency }) => ({
        kind,
        number: spokenId(id),
        balance: `${(cents / 100).toFixed(2)} ${currency}`,
        spoken: spokenAmount(cents, currency),
      })),
    };
  },
});
