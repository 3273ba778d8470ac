import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type EffectAsk, firstTry } from '../../contracts/control.ts';

/** What an effect is called, and how it ended. Two asks are the same when their key, tool and arguments are. */
export interface EffectStart {
  callId: string;
  effectId: string;
  tool: string;
  arguments: Record<string, unknown>;
  /** Of tool and arguments. */
  asked: string;
  /** What the world knows the effect by, if it is not `effectId`: that of the first try. */
  worldKey?: string;
  /** What tools had established in the call. */
  facts?: Record<string, string>;
}

export const effectOutcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('done'), asked: z.string(), result: z.unknown() }),
  z.object({ status: z.literal('failed'), asked: z.string(), code: z.string() }),
]);
export type EffectOutcome = z.infer<typeof effectOutcome>;

/** The id of the effect's orchestration, of its document, and the key the world knows it by. */
export function effectIdOf(callId: string, key: string): string {
  return `effect-${callId}-${digest(key)}`;
}

export function effectStart(callId: string, { key, tool, arguments: args, facts }: EffectAsk): EffectStart {
  const asked = digest(canonical([tool, args]));
  const again = firstTry(key) !== key && { worldKey: effectIdOf(callId, firstTry(key)) };
  return { callId, effectId: effectIdOf(callId, key), tool, arguments: args, asked, ...again, ...(facts && { facts }) };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** JSON in which the order of names makes no difference. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
