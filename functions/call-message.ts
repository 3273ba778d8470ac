import type { DurableClient } from 'durable-functions';
import type { LifeEvent } from '../contracts/call-life.ts';
import { CallError } from '../contracts/error.ts';
import type { HandoffAsk } from '../contracts/handoff.ts';
import type { Order } from './acs/orders.ts';

/**
 * What the orchestration of a call is told. All of it comes under one event name: durable-functions hands an event to
 * the newest waiter of its name, so with one name and one waiter at a time none can land with a waiter nobody looks at.
 */
export const callEventName = 'call';

export type CallMessage = {
  /** Of the ACS event, or one of our own: a message is folded once however often it is delivered. */
  id: string;
  from: 'acs' | 'us';
} & (LifeEvent | ControlEvent);

/** What people may want the conversation told. */
export type Wish = { do: 'say'; text: string } | { do: 'move' };

/** What concerns the control of a call and not its life alone. */
export type ControlEvent = { at: number } & (
  | { type: 'answer-unclear' }
  /** Somebody wants this done; the message's id is the context it is asked with. `before` must succeed first. */
  | { type: 'ordered'; order: Order; before?: Order }
  /** The carrier tells how an order ended; `context` is what it was asked with. */
  | {
      type: 'order-ended';
      context: string;
      end: 'succeeded' | 'failed' | 'cancelled';
      code: number;
      subCode: number;
      /** What was recognised: a choice's label, or the tones pressed. Never words. */
      label?: string;
      tones?: string;
    }
  /** Somebody wants the conversation told this; the message's id is the name under which it is told, once. */
  | { type: 'telling-asked'; wish: Wish }
  | { type: 'handoff-asked'; ask: HandoffAsk }
  | { type: 'handoff-cancelled' }
  /** The stream of sound ended without failing. */
  | { type: 'streaming-stopped'; code: number; subCode: number }
  /** The media host that carried the call has fallen silent. */
  | { type: 'host-lost'; hostId: string }
  | { type: 'recording'; recordingId: string; state: 'active' | 'inactive' }
);

/** `gone`: no orchestration of that id is known here, so nobody is left to tell. */
export async function tell(client: DurableClient, callId: string, message: CallMessage): Promise<'told' | 'gone'> {
  try {
    await client.raiseEvent(callId, callEventName, message);
    return 'told';
  } catch (error) {
    if (isUnknownInstance(error)) return 'gone';
    throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'tell' }, { cause: error });
  }
}

export interface Orchestration {
  running: boolean;
  customStatus: unknown;
}

/** The call's orchestration, or undefined when there has been none. */
export async function orchestrationOf(client: DurableClient, callId: string): Promise<Orchestration | undefined> {
  try {
    const { runtimeStatus, customStatus } = await client.getStatus(callId, { showInput: false });
    return { running: !finalStates.has(runtimeStatus), customStatus };
  } catch (error) {
    if (isUnknownInstance(error)) return undefined;
    throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'look up' }, { cause: error });
  }
}

const finalStates: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Terminated', 'Canceled']);

/** The client tells statuses by its sentences only. */
function isUnknownInstance(error: unknown): boolean {
  return error instanceof Error && /No instance with ID|HTTP 404 response/.test(error.message);
}
