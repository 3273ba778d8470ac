import { z } from 'zod';

/**
 * What is remembered of a caller from call to call, under the hash of who they are: facts, and the calls they made. A fold
 * without a clock: of one fact the latest stays, whoever writes first, so writers who meet merge in any order, and again.
 */
const remembered = z.object({ value: z.string(), at: z.number().int(), callId: z.string() });

/** `at`: when it began, epoch milliseconds. */
const rememberedCall = z.object({
  callId: z.string(),
  at: z.number().int(),
  agent: z.string(),
  summary: z.string().optional(),
});

export const callerMemory = z.object({
  facts: z.record(z.string(), remembered),
  /** The latest calls, oldest first. */
  calls: z.array(rememberedCall),
  /** At somebody's wish all that is as old or older was forgotten; no late writer brings it back. Epoch milliseconds. */
  forgottenAt: z.number().int().optional(),
});
export type CallerMemory = z.infer<typeof callerMemory>;
export type RememberedFact = z.infer<typeof remembered>;
export type RememberedCall = z.infer<typeof rememberedCall>;

export const noMemory: CallerMemory = { facts: {}, calls: [] };

/** The fact that is a caller's name. */
export const nameFact = 'name';

/** The document: `sessions`, in the partition of the caller. */
export const callerMemoryId = 'caller';
export const callerPartition = (callerHash: string): string => `caller|${callerHash}`;

export const mostFacts = 40;
export const mostCalls = 20;
export const longestFact = 200;
export const longestSummary = 300;

/** Adds what a call has brought; adding it twice changes nothing. */
export function merged(memory: CallerMemory, more: CallerMemory): CallerMemory {
  const forgottenAt = Math.max(memory.forgottenAt ?? 0, more.forgottenAt ?? 0);
  const facts = latest([...Object.entries(memory.facts), ...Object.entries(more.facts)], afterFact, forgottenAt);
  const byId = [...memory.calls, ...more.calls].map(call => [call.callId, call] as const);
  const calls = latest(byId, afterCall, forgottenAt);
  return {
    facts: Object.fromEntries(facts.slice(0, mostFacts)),
    calls: calls
      .slice(0, mostCalls)
      .map(([, call]) => call)
      .reverse(),
    ...(forgottenAt > 0 && { forgottenAt }),
  };
}

export const knowsNothing = ({ facts, calls }: CallerMemory): boolean =>
  Object.keys(facts).length === 0 && calls.length === 0;

/** One for each key, the newest first; no two places are equal, so whoever is left out is left out in every order. */
function latest<T extends { at: number }>(
  entries: readonly (readonly [string, T])[],
  order: (value: T) => readonly (string | number)[],
  forgottenAt: number,
): (readonly [string, T])[] {
  const newest = new Map<string, T>();
  for (const [key, value] of entries) {
    const known = newest.get(key);
    if (value.at > forgottenAt && (!known || compared(order(value), order(known)) > 0)) newest.set(key, value);
  }
  return [...newest].sort(([a, one], [b, other]) => compared([other.at, b], [one.at, a]));
}

const afterFact = ({ at, value, callId }: RememberedFact) => [at, value, callId];

/** Of two accounts of one call the longer one was given when more was known of it. */
const afterCall = ({ at, summary = '', agent }: RememberedCall) => [at, summary.length, summary, agent];

function compared(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  const at = one.findIndex((part, index) => part !== other[index]);
  if (at === -1) return 0;
  return (one[at] ?? '') > (other[at] ?? '') ? 1 : -1;
}
