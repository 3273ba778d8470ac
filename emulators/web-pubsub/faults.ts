/**
 * What can be made to go wrong. A fault stays until it has struck `times` times (for ever without `times`) or is set to
 * null. Set them in the process or with PUT /emulator/faults.
 */
import { z } from 'zod';

const ms = z.int().nonnegative();
const times = { times: z.int().positive().optional() };
const retryAfterSeconds = z.int().nonnegative().optional();

const schema = z.strictObject({
  /** Refuses upgrades, recoveries too, with an HTTP status. */
  refuse: z.strictObject({ status: z.int().min(400).max(599), retryAfterSeconds, ...times }),
  /** Answers REST sends with `status`, which may be 202, whatever becomes of the message. */
  publish: z.strictObject({
    status: z.union([z.literal(202), z.int().min(400).max(599)]),
    message: z.enum(['lost', 'delivered', 'twice']).default('lost'),
    retryAfterSeconds,
    ...times,
  }),
  /** Answers any other REST request with `status`, without carrying it out. */
  rest: z.strictObject({ status: z.int().min(400).max(599), retryAfterSeconds, ...times }),
  /** Answers REST requests this much later than they are carried out. */
  slow: z.strictObject({ byMs: ms, ...times }),
  /** Delivers messages this much later, in order. */
  late: z.strictObject({ byMs: ms, ...times }),
  /** Answers client requests with an unsuccessful ack, without carrying them out. */
  nack: z.strictObject({ name: z.string().default('InternalServerError'), ...times }),
  /** Cuts a connection's socket each time so many messages were written to it. */
  cut: z.strictObject({ afterMessages: z.int().positive(), ...times }),
  /** Knows nothing of a connection that wants to be recovered. */
  forget: z.strictObject(times),
  /** Takes tokens for expired. */
  expired: z.strictObject({ of: z.enum(['clients', 'servers', 'both']).default('both'), ...times }),
});

type Shape = z.output<typeof schema>;
export type FaultName = keyof Shape;
type Given = z.input<typeof schema>;
/** Faults to set; null takes one away. */
export type FaultChanges = { [N in FaultName]?: Given[N] | null | undefined };

const changes = z.strictObject(
  Object.fromEntries(Object.entries(schema.shape).map(([name, one]) => [name, (one as z.ZodType).nullish()])),
);

export interface Faults {
  /** Merges changes into the faults set. @throws Error on an unknown name or a wrong value. */
  set(change: unknown): void;
  /** All faults as they stand, with the times left. */
  current(): Partial<Shape>;
  /** Uses a fault once, when it is set and `strikes` says so. */
  take<N extends FaultName>(name: N, strikes?: (fault: Shape[N]) => boolean): Shape[N] | undefined;
  clear(): void;
}

export function createFaults(struck: (name: FaultName) => void): Faults {
  let set: Partial<Shape> = {};
  return {
    set(change) {
      const result = changes.safeParse(change);
      if (!result.success) throw new Error(`No such fault:\n${z.prettifyError(result.error)}`);
      const next = Object.entries({ ...set, ...result.data }).filter(
        ([, fault]) => fault !== null && fault !== undefined,
      );
      set = Object.fromEntries(next);
    },
    current: () => structuredClone(set),
    take(name, strikes = () => true) {
      const fault = set[name];
      if (!fault || !strikes(fault as never)) return undefined;
      struck(name);
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
