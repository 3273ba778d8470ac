import type { CallEvent } from '../contracts/call-event.ts';
import type { AdmissionRequest } from '../contracts/media.ts';
import type { Call } from './call.ts';
import type { Clock } from './clock.ts';
import type { Resumption } from './journal/resume.ts';
import type { Metrics } from './observe/metrics.ts';

/**
 * The calls of this host, and the exact number of places: a place is taken when the control plane asks for it, before
 * the phone is answered, and given back when the call has ended or its socket never came.
 */
export interface Calls {
  /** Takes a place. Asking twice for one call takes one place. @returns undefined when all are taken. @throws what `create` throws */
  admit(admission: AdmissionRequest, takenOver?: TakenOver): Call | undefined;
  find(callId: string): Call | undefined;
  byNumber(number: number): Call | undefined;
  readonly taken: number;
  /** Of those that hold a place. */
  ids(): string[];
  readonly places: number;
  /** From now on nobody is admitted. */
  closeDoors(): void;
  readonly draining: boolean;
  /** Those that are here, and those whose journal is still being written. */
  all(): readonly Call[];
  /** Resolves when nothing of an earlier stay of the call is left to write. */
  settled(callId: string): Promise<void>;
  /** Called when the media socket of an admitted call has come. */
  arrived(callId: string): void;
}

/** What is known of a call that another host carried. */
export interface TakenOver {
  events: readonly CallEvent[];
  resumption: Resumption;
  facts: Readonly<Record<string, string>> | undefined;
}

export interface CallsOptions {
  places: number;
  /** A place asked for is kept this long for the socket to come. @default 45000: a ring lasts 30 s */
  keepMs?: number;
  clock: Clock;
  metrics: Metrics;
  /** Makes the call; `number` and `cell` are its own until it has ended. */
  create: (admission: AdmissionRequest, number: number, cell: number, takenOver?: TakenOver) => Call;
}

export function createCalls({ places, keepMs = 45_000, clock, metrics, create }: CallsOptions): Calls {
  const byId = new Map<string, { call: Call; number: number; forget: () => void }>();
  const numbered = new Map<number, Call>();
  const freeCells = Array.from({ length: places }, (_, cell) => places - 1 - cell);
  const leaving = new Set<Call>();
  let numbers = 0;
  let draining = false;

  /** A call that cannot be made gives its place back. */
  const made: CallsOptions['create'] = (admission, number, cell, takenOver) => {
    try {
      return create(admission, number, cell, takenOver);
    } catch (error) {
      freeCells.push(cell);
      throw error;
    }
  };

  return {
    admit: (admission, takenOver) => {
      const known = byId.get(admission.callId);
      if (known) return known.call;
      const cell = draining ? undefined : freeCells.pop();
      if (cell === undefined) {
        metrics.count('calls-refused-full');
        return undefined;
      }
      const number = ++numbers;
      const call = made(admission, number, cell, takenOver);
      const forget = clock.after(keepMs, () => {
        metrics.count('calls-abandoned');
        void call.end('failed', 0);
      });
      byId.set(admission.callId, { call, number, forget });
      numbered.set(number, call);
      metrics.count('calls-admitted');
      void call.over.then(() => {
        byId.get(admission.callId)?.forget();
        byId.delete(admission.callId);
        numbered.delete(number);
        freeCells.push(cell);
        leaving.add(call);
      });
      void call.ended.then(() => leaving.delete(call));
      return call;
    },
    find: callId => byId.get(callId)?.call,
    byNumber: number => numbered.get(number),
    get taken() {
      return byId.size;
    },
    ids: () => [...byId.keys()],
    places,
    closeDoors: () => {
      draining = true;
    },
    get draining() {
      return draining;
    },
    all: () => [...numbered.values(), ...leaving],
    settled: async callId => {
      await Promise.all([...leaving].filter(call => call.callId === callId).map(call => call.ended));
    },
    arrived: callId => byId.get(callId)?.forget(),
  };
}
