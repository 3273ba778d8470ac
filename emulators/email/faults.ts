/**
 * What can be made to go wrong. A fault stays until it has struck `times` times (for ever without `times`) or is set to
 * null. Set them in the process or with PUT /emulator/faults.
 */
import { z } from 'zod';

const times = { times: z.int().positive().optional() };
const on = z.enum(['send', 'poll', 'both']).default('send');

const schema = z.strictObject({
  /** Answers 429; without `retryAfterSeconds` it does not say when to come again. */
  throttle: z.strictObject({ retryAfterSeconds: z.int().nonnegative().optional(), on, ...times }),
  /** Answers with `status`; `taken`: the message is taken all the same, and only the answer is lost. */
  fail: z.strictObject({ status: z.int().min(400).max(599), on, taken: z.boolean().default(false), ...times }),
  /** Messages that are taken never come to an end. */
  stuck: z.strictObject(times),
  /** Messages that are taken end as Failed. */
  reject: z.strictObject({ code: z.string().default('EmailDroppedAllRecipientsSuppressed'), ...times }),
  /** Messages that are sent come back: their delivery report says so. */
  bounce: z.strictObject({ status: z.enum(['Bounced', 'Suppressed', 'Failed']).default('Bounced'), ...times }),
});

type Shape = z.output<typeof schema>;
export type FaultName = keyof Shape;
/** Faults to set; null takes one away. */
export type FaultChanges = { [N in FaultName]?: z.input<typeof schema>[N] | null | undefined };

const changes = z.strictObject(
  Object.fromEntries(Object.entries(schema.shape).map(([name, one]) => [name, (one as z.ZodType).nullish()])),
);

export interface Faults {
  /** Merges changes into the faults set. @throws Error on an unknown name or a wrong value. */
  set(change: unknown): void;
  current(): Partial<Shape>;
  /** Uses a fault once, when it is set and `strikes` says so. */
  take<N extends FaultName>(name: N, strikes?: (fault: Shape[N]) => boolean): Shape[N] | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let set: Partial<Shape> = {};
  return {
    set(change) {
      const result = changes.safeParse(change);
      if (!result.success) throw new Error(`No such fault:\n${z.prettifyError(result.error)}`);
      const next = { ...set, ...result.data };
      set = Object.fromEntries(Object.entries(next).filter(([, fault]) => fault !== null && fault !== undefined));
    },
    current: () => structuredClone(set),
    take(name, strikes = () => true) {
      const fault = set[name];
      if (!fault || !strikes(fault as never)) return undefined;
      if (fault.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) delete set[name];
      }
      return fault;
    },
    clear() {
      set = {};
    },
  };
}
