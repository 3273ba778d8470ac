import { z } from 'zod';
import { hashedPin } from '../hashed-pin.ts';
import type { ToolContext } from '../tool.ts';
import { type Customer, customerFact } from './records.ts';

/**
 * Who the caller is takes two things: what they know, and the telephone they ring from or a PIN. A number that belongs to
 * nobody is met like one whose PIN is wrong, so that nobody learns here which numbers exist.
 */
export const mostFailures = 3;
export const failuresFact = 'verification-failures';

const pinLength = 4;

/** What a tool tells the model. */
export const verified = z.object({
  verified: z.boolean(),
  /** What the model does next. */
  status: z.string(),
  name: z.string().optional(),
  triesLeft: z.number().optional(),
});
export type Verified = z.infer<typeof verified>;

/** For the record. @param who has been asked for */
export const howItWent =
  (who: string) =>
  ({ verified, triesLeft = 0 }: Verified): string =>
    verified ? `the ${who} is verified` : `not verified, ${triesLeft} tries left`;

export async function verify(who: Customer | undefined, context: ToolContext): Promise<Verified> {
  if (failuresOf(context) >= mostFailures) return locked;
  const owner = who && (ringsFrom(who, context) || (await knowsPin(who, context))) ? who : undefined;
  if (!who) await knowsPin(undefined, context);
  return owner ? welcome(owner, context) : failed(context);
}

/** As `verify`, for callers who have no PIN: what they know counts only on the telephone that is theirs. */
export function verifyByTelephone(candidates: readonly Customer[], context: ToolContext): Verified {
  if (failuresOf(context) >= mostFailures) return locked;
  const owner = candidates.find(who => ringsFrom(who, context));
  return owner ? welcome(owner, context) : failed(context);
}

const ringsFrom = ({ phone }: Customer, context: ToolContext): boolean => context.ringsFrom?.(phone) ?? false;

async function knowsPin(who: Customer | undefined, { callId, takeDigits }: ToolContext): Promise<boolean> {
  const check = async (digits: string) => (who ? await hashedPin(who.pinHash).verify(callId, digits) : false);
  const answer = await takeDigits?.({ secret: true, length: pinLength, tries: 1, check });
  return answer?.ok ?? false;
}

function welcome(who: Customer, context: ToolContext): Verified {
  context.establish?.({ [customerFact]: who.id });
  // Whoever rings from somebody else's telephone shall not leave their name there.
  if (ringsFrom(who, context)) context.remember?.('name', who.name);
  return { verified: true, status: 'go on with what the caller wants', name: who.name };
}

const failuresOf = ({ established = {} }: ToolContext): number => Number(established[failuresFact] ?? 0);

function failed(context: ToolContext): Verified {
  const failures = failuresOf(context) + 1;
  context.establish?.({ [failuresFact]: String(failures) });
  if (failures >= mostFailures) return locked;
  return {
    verified: false,
    status: 'that did not match; the caller may try again',
    triesLeft: mostFailures - failures,
  };
}

const locked: Verified = {
  verified: false,
  status: 'too many tries in this call: do not try again, offer a person',
  triesLeft: 0,
};
