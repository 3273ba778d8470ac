import { z } from 'zod';
import { longestFact } from '../../contracts/caller-memory.ts';
import { defineTool } from '../tool.ts';
import { secretName, secretValue } from './secrets.ts';

/**
 * What callers say of themselves, kept for this call and their next. It opens no gate, and goes to models as data; what is
 * a secret, or written so that somebody might take it for an instruction, is not kept at all.
 */
export const remember = defineTool({
  name: 'remember',
  description:
    'Keeps what the caller tells of themselves for later in this call and for their next one: their name (call it "name"), ' +
    'what they prefer, what they have asked for. Never keep PINs, passwords, card or account numbers.',
  parameters: z.object({
    name: z
      .string()
      .max(40)
      .regex(/^[a-z]+(-[a-z]+)*$/, 'use small letters and dashes, such as preferred-branch')
      .refine(name => !secretName(name), 'secrets are not kept')
      .describe('What it is, such as name or preferred-branch'),
    value: z
      .string()
      .trim()
      .min(1)
      .max(longestFact)
      .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029<>{}[\]`\\]+$/u, 'write one line of plain words')
      .refine(value => !secretValue(value), 'numbers of cards and accounts are not kept')
      .describe('In a few plain words'),
  }),
  timeoutMs: 2000,
  tags: ['memory'],
  personal: ['value'],
  summarise: (_, { name }) => `${name} is noted`,
  run: ({ name, value }, { remember: keep }) => {
    if (!keep) throw new Error('there is no caller on the line');
    keep(name, value);
    return { status: 'kept' };
  },
});
