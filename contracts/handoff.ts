import { z } from 'zod';
import { locale } from './agent.ts';

/**
 * Handing a caller to a person: who may be rung, what they are told first, and how each one's answer ended. `consult`:
 * the person is rung into the call while the caller waits, hears the brief, and presses a key to accept. `transfer`: the
 * carrier moves the caller to them, unasked; the call leaves us when it succeeds.
 */

/** E.164, or a raw id of the carrier ("8:acs:…", "28:orgid:…"). */
export const personAddress = z
  .string()
  .regex(
    /^(\+[1-9]\d{6,14}|\d{1,2}:[A-Za-z]+:[\w.:-]{3,200})$/,
    'must be a number like +15550100 or an id like 8:acs:…',
  );

export const handoffMode = z.enum(['consult', 'transfer']);
export type HandoffMode = z.infer<typeof handoffMode>;

/** What the agent, or an operator, asks for. */
export const handoffAsk = z.strictObject({
  reason: z.string().trim().min(1).max(80),
  /** What the person hears before they accept: what the caller wants and what is known. */
  summary: z.string().trim().max(1500).default(''),
  /** The locale of the call, such as de-AT: in it the person is told. @default en-US */
  language: locale.optional(),
  /** Rung in this order. @default the setting HANDOFF_TARGETS */
  targets: z.array(personAddress).min(1).max(8).optional(),
  mode: handoffMode.optional(),
});
export type HandoffAsk = z.infer<typeof handoffAsk>;

/** How asking one person ended. */
export type Answer =
  | 'accepted'
  | 'declined'
  | 'busy'
  | 'no-answer'
  | 'unreachable'
  /** A machine answered: the brief met no key, or a detector said so. */
  | 'voicemail'
  | 'failed'
  /** The caller left, or nobody was wanted any longer. */
  | 'cancelled';

/** One handoff in the record. Persons are told apart by their place in the list, never by number. */
export interface HandoffRecord {
  at: string;
  reason: string;
  mode: HandoffMode;
  asked: { target: number; answer: Answer; ms: number }[];
  outcome: 'accepted' | 'back-to-agent' | 'caller-left';
}
