import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen, type IBreaker } from 'cockatiel';
import { CallError } from '../../contracts/error.ts';
import { errorClasses, errorClassOf } from './error-classes.ts';

/**
 * One circuit per dependency: after 5 failures in 10 s nobody waits for it any longer, and 5 s later one request tries
 * whether it is back. What the caller of a service did wrong is no failure of the service.
 */
export const dependencies = ['acs', 'cosmos', 'media-host', 'web-pubsub'] as const;
export type Dependency = (typeof dependencies)[number];

export const circuitRules = { failures: 5, withinMs: 10_000, restMs: 5_000 } as const;

export interface Circuit {
  /** @throws CallError DEPENDENCY_RESTING without asking, while the circuit is open */
  run<T>(ask: () => Promise<T>): Promise<T>;
  readonly state: 'closed' | 'open' | 'half-open';
  /** Times it has opened since the process began. */
  readonly opened: number;
}

export type Circuits = Readonly<Record<Dependency, Circuit>>;

export function newCircuits(): Circuits {
  return Object.fromEntries(dependencies.map(name => [name, newCircuit(name)])) as Record<Dependency, Circuit>;
}

export function newCircuit(name: Dependency): Circuit {
  let opened = 0;
  const policy = circuitBreaker(
    handleWhen(error => errorClasses[errorClassOf(error)].ill),
    { halfOpenAfter: circuitRules.restMs, breaker: failuresOf(circuitRules.failures, circuitRules.withinMs) },
  );
  policy.onBreak(() => {
    opened += 1;
  });
  return {
    run: async ask => {
      try {
        return await policy.execute(ask);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new CallError('DEPENDENCY_RESTING', { dependency: name, restMs: circuitRules.restMs }, { cause: error });
      }
    },
    get state() {
      return stateNames[policy.state];
    },
    get opened() {
      return opened;
    },
  };
}

const stateNames = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
} as const;

/** Breaks at so many failures within so long, whatever succeeds between them. */
function failuresOf(most: number, withinMs: number): IBreaker {
  let times: number[] = [];
  return {
    state: undefined,
    success: state => {
      if (state === CircuitState.HalfOpen) times = [];
    },
    failure: state => {
      if (state === CircuitState.HalfOpen) return true;
      const now = Date.now();
      times = [...times.filter(time => now - time < withinMs), now].slice(-most);
      return times.length >= most;
    },
  };
}

/** The names of a port's questions; what is answered at once needs no circuit. */
type Questions<T> = { [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof T];

/** The port, the named questions asked through the circuit. */
export function guarded<T extends object>(port: T, circuit: Circuit, questions: readonly (Questions<T> & string)[]): T {
  const asked = questions.map(name => {
    const ask = port[name] as (...args: unknown[]) => Promise<unknown>;
    return [name, (...args: unknown[]) => circuit.run(() => ask.apply(port, args))] as const;
  });
  return { ...port, ...Object.fromEntries(asked) };
}
