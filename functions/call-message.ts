import type { DurableClient } from 'durable-functions';
import type { LifeEvent } from '../contracts/call-life.ts';
import { CallError } from '../contracts/error.ts';

/**
 * What the orchestration of a call is told. All of it comes under one event name: durable-functions hands an event to
 * the newest waiter of its name, so with one name and one waiter at a time none can land with a waiter nobody looks at.
 */
export const callEventName = 'call';

export type CallMessage = {
  /** Of the ACS event, or one of our own: a message is folded once however often it is delivered. */
  id: string;
  from: 'acs' | 'us';
} & (LifeEvent | { type: 'answer-unclear'; at: number });

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
