import type { CallStatus } from '../../../contracts/call-status.ts';
import type { ControlMessage } from '../../../contracts/control.ts';
import type { Caller } from '../../testing/caller.ts';
import type { Stage } from '../../testing/stage.ts';

/**
 * The API of calls with its neighbours, as the suites of its promises find it: one host is started for all of them, and
 * the stand-ins are the test's.
 */
export interface ApiUnderTest {
  readonly stage: Stage;
  readonly carrier: StandInCarrier;
  /** What goes wrong with Web PubSub from now on. */
  controlFaults(faults: object): void;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Somebody rings us, and is connected. */
  ring(): Promise<Caller>;
  /** A telephone that waits to be rung. */
  phone(number: string): Promise<Telephone>;
  /** All that is told to the media host of this call from now on. */
  listen(callId: string): Promise<ControlMessage[]>;
  statusOf(callId: string): Promise<CallStatus | null | undefined>;
  inPhase(callId: string, phase: CallStatus['phase']): Promise<unknown>;
  /** How something asked has gone, once it has ended. */
  ended(asked: Reply): Promise<Reply['body']>;
}

export interface Reply {
  status: number;
  headers: Headers;
  type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what the wire carries is what the tests look into
  body: any;
}

export interface Telephone {
  event(name: string): Promise<object>;
  do(action: string, extra?: object): void;
}

export interface StandInCarrier {
  calls(): readonly { callbacks: { sent: number } }[];
  call(
    callConnectionId: string,
  ): { media: { isOpen: boolean } | null; callbacks: { events: readonly { name: string }[] } } | undefined;
  setFaults(faults: object): void;
}
