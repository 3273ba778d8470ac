import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Hands the caller to a person. Who is rung, and in which order, is the deployment's matter and not the model's. */
export const talkToPerson = defineTool({
  name: 'talk-to-person',
  description:
    'Has a person found who takes over the call. Use it when the caller asks for a person, or needs what you cannot do. ' +
    'Say in one short sentence that you will find somebody, and call this in the same answer. ' +
    'You hear later if nobody could be reached.',
  parameters: z.object({
    reason: z.string().trim().min(1).describe('Why, in a few words'),
    summary: z.string().trim().describe('What the caller wants and what is known so far, for the person to hear'),
  }),
  // The agent's words are played out first.
  timeoutMs: 30_000,
  tags: ['call'],
  summarise: () => 'a person is sought',
  run: async ({ reason, summary }, { askForPerson }) => {
    if (!askForPerson) throw new Error('there is no caller on the line');
    await askForPerson({ reason: reason.slice(0, 80), summary: summary.slice(0, 1500) });
    return { status: 'a person is being sought' };
  },
});
