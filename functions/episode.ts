import type { PreInvocationContext } from '@azure/functions';
import type { OrchestrationContext } from 'durable-functions';
import { z } from 'zod';

/**
 * What has been raised in an execution, read where the platform shows it: in the trigger. The library hands an event over
 * when somebody waits for it, and stops reading the moment the orchestration goes on as new, so what came behind that
 * moment in the same episode is seen by nobody, and `continueAsNew` drops it.
 */
const triggers = new WeakMap<object, unknown>();

/** A hook of every invocation; what is no orchestration is let be. */
export function keepTrigger({ inputs, invocationContext }: Pick<PreInvocationContext, 'inputs' | 'invocationContext'>) {
  const { trigger } = invocationContext.options;
  if (trigger.type === 'orchestrationTrigger') triggers.set(invocationContext, inputs[0]);
}

const eventRaised = 15;
const history = z.object({ history: z.array(z.object({ EventType: z.number() }).loose()) });
const raisedEvent = z.object({ Name: z.string(), Input: z.string() });

/** The events of this name since the execution began, in the order in which they came. */
export function raisedIn(context: OrchestrationContext, name: string): unknown[] {
  const trigger = triggers.get(context);
  if (trigger === undefined) return [];
  return history
    .parse(trigger)
    .history.filter(({ EventType }) => EventType === eventRaised)
    .flatMap(event => {
      const raised = raisedEvent.safeParse(event).data;
      return raised?.Name === name ? [JSON.parse(raised.Input)] : [];
    });
}
