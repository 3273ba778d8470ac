import { z } from 'zod';
import { defineTool } from '../tool.ts';
import { momentOf } from './when.ts';

/** Has the caller rung back, once, at a time that they have agreed to. */
const furthestMs = 30 * 86_400_000;
/** Sooner than this the call that asks for it may not be over. */
const nearestMs = 60_000;

export const callBack = defineTool({
  name: 'call-back',
  description:
    'Has the caller rung back on the number they call from. Use it when they ask for a call later, ' +
    'and say the time again so that they can confirm it before.',
  parameters: z.object({
    when: z
      .string()
      .trim()
      .refine(text => momentOf(text, 0) !== undefined, 'write 2026-11-20T15:00:00+01:00, or PT2H for in two hours')
      .describe('When: a date and time with offset such as 2026-11-20T15:00:00+01:00, or a time from now such as PT2H'),
    note: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029<>{}[\]`\\]+$/u, 'write one line of plain words')
      .describe('What the call back is about, in a few words'),
  }),
  timeoutMs: 10_000,
  effect: true,
  tags: ['after-call'],
  personal: ['note'],
  result: z.object({ status: z.string(), at: z.string().optional(), now: z.string().optional() }),
  summarise: ({ at, status }) => (at === undefined ? status : `rung back at ${at}`),
  run: async ({ when, note }, { office, idempotencyKey, now }) => {
    if (!office || !idempotencyKey) throw new Error('an effect is carried out by the control plane');
    const at = momentOf(when, now());
    const refused = (why: string) => ({ status: `refused: ${why}`, now: iso(now()) });
    if (at === undefined) return refused('this is no time');
    if (at < now() + nearestMs) return refused('the time is past, or less than a minute away');
    if (at > now() + furthestMs) return refused('the time is more than 30 days away');
    if ((await office.callBack(idempotencyKey, at, { [noteFact]: note })) === 'no-number')
      return refused('the number of the caller is withheld');
    return { status: 'the caller is rung back', at: iso(at) };
  },
});

/** Under this name the note is known to the agent that rings. It is what a caller said, so it is data there too. */
export const noteFact = 'call-back-note';

const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
