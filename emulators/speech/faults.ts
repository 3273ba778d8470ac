/**
 * What can be made to go wrong, service by service. A fault stays until it has struck `times` times (for ever without
 * `times`) or is set to null. Set them in the process or with PUT /emulator/faults.
 */
import { z } from 'zod';
import { RECOGNITION_STATUSES } from './outgoing.ts';
import type { Service } from './paths.ts';

const ms = z.int().nonnegative();
const times = { times: z.int().positive().optional() };
const closeCode = z.union([z.int().min(1000).max(1003), z.int().min(1007).max(1014), z.int().min(3000).max(4999)]);
const closing = { code: closeCode.default(1011), reason: z.string().max(120).default('') };

const common = {
  /** Refuses the WebSocket upgrade with an HTTP status. */
  refuse: z.strictObject({
    status: z.union([400, 401, 403, 404, 429, 500, 503].map(status => z.literal(status))),
    retryAfterSeconds: z.int().positive().optional(),
    ...times,
  }),
  /** Closes the socket when the turn's audio has reached `atMs`. */
  close: z.strictObject({ atMs: ms.default(0), ...closing, ...times }),
  /** Resets the TCP connection when the turn's audio has reached `atMs`. */
  abort: z.strictObject({ atMs: ms.default(0), ...times }),
  /** Takes what comes and answers nothing from `atMs` of the turn's audio on. */
  stall: z.strictObject({ atMs: ms.default(0), ...times }),
  dropTurnStart: z.strictObject(times),
  dropTurnEnd: z.strictObject(times),
  /** Closes a socket on which no turn has been open for `afterMs`. */
  idleClose: z.strictObject({ afterMs: ms, ...closing, ...times }),
  /** Closes a socket of this age, whatever it is doing. */
  maxAge: z.strictObject({ afterMs: ms, ...closing, ...times }),
  /** Delays every answer (finals, first audio) by this much more. */
  late: z.strictObject({ byMs: ms, ...times }),
  /** Puts a foreign request id on a phrase or on an audio message: the SDK ignores it. */
  wrongRequestId: z.strictObject(times),
  /** Sends a body that is no JSON (`speech.phrase`, `audio.metadata`): the SDK's receive loop dies without a sign. */
  malformed: z.strictObject(times),
};

const stt = z.strictObject({
  ...common,
  /** Answers with a phrase of this status when the turn's audio has reached `atMs`. */
  status: z.strictObject({ status: z.enum(RECOGNITION_STATUSES).exclude(['Success']), atMs: ms.default(0), ...times }),
});
const tts = z.strictObject(common);

type Nullable<T> = { [K in keyof T]?: T[K] | null | undefined };
type Shape = { stt: z.output<typeof stt>; tts: z.output<typeof tts> };
type Given = { stt: z.input<typeof stt>; tts: z.input<typeof tts> };
export type FaultName = keyof Shape['stt'];
export type Fault<N extends FaultName> = Shape['stt'][N];
/** Faults to set; null takes one away. */
export type FaultChanges = { [S in Service]?: Nullable<Given[S]> };

export interface Faults {
  /** Merges changes into the faults set; unknown names are an error. */
  set(change: unknown): void;
  /** All faults as they stand, with the times left. */
  current(): Record<Service, Record<string, unknown>>;
  /** Looks at a fault without using it up. */
  peek<N extends FaultName>(service: Service, name: N): Fault<N> | undefined;
  /** Uses a fault once, when it is set. */
  take<N extends FaultName>(service: Service, name: N): Fault<N> | undefined;
  clear(): void;
}

const nullable = <T extends z.ZodRawShape>(schema: z.ZodObject<T>) =>
  z.strictObject(
    Object.fromEntries(Object.entries(schema.shape).map(([name, one]) => [name, (one as z.ZodType).nullish()])),
  );
const changes = z.strictObject({ stt: nullable(stt).optional(), tts: nullable(tts).optional() });

export function createFaults(struck: (name: string) => void): Faults {
  let set: Record<Service, Record<string, { times?: number } | undefined>> = { stt: {}, tts: {} };
  const peek = (service: Service, name: string) => set[service][name];
  return {
    set(change) {
      const result = changes.safeParse(change);
      if (!result.success) throw new Error(`No such fault:\n${z.prettifyError(result.error)}`);
      for (const service of ['stt', 'tts'] as const) {
        for (const [name, fault] of Object.entries(result.data[service] ?? {})) {
          if (fault === null || fault === undefined) delete set[service][name];
          else set[service][name] = fault as { times?: number };
        }
      }
    },
    current: () => structuredClone(set),
    peek: (service, name) => peek(service, name) as never,
    take(service, name) {
      const fault = peek(service, name);
      if (!fault) return undefined;
      struck(`${service}.${name}`);
      if (fault.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) delete set[service][name];
      }
      return fault as never;
    },
    clear() {
      set = { stt: {}, tts: {} };
    },
  };
}
