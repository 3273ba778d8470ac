import { z } from 'zod';
import { defineTool } from '../tool.ts';

/**
 * The agent ends the call, once its goodbye has been heard. The reasons are few and ours, because they stand in the record,
 * where nothing of what was said may stand.
 */
export const endCall = defineTool({
  name: 'end-call',
  description:
    'Ends the call. Use it when everything is settled and the caller wants nothing more, or says goodbye. ' +
    'Say a short goodbye and call this in the same answer: the caller hears the goodbye, then the call ends. ' +
    'If the caller speaks before that, the call goes on.',
  parameters: z.object({
    reason: z
      .enum(['settled', 'caller-says-goodbye', 'wrong-number', 'cannot-help', 'misuse'])
      .describe('Why the call is over'),
  }),
  // The agent's words are played out first.
  timeoutMs: 60_000,
  tags: ['call'],
  summarise: (_, { reason }) => reason,
  run: async ({ reason }, { endCall: end }) => {
    if (!end) throw new Error('there is no caller on the line');
    await end(reason);
    return { status: 'the call ends' };
  },
});
