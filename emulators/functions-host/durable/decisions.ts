import { randomUUID } from 'node:crypto';
import type { Decision } from './action.ts';
import type { Engine } from './engine.ts';
import { type HistoryEvent, historyEvent } from './history.ts';
import type { Outbox } from './outbox.ts';
import { type Instance, isTerminal } from './store.ts';

/** Carries out new decisions: each becomes a history event, and a message, a timer, an activity or a child behind it. */

/** @returns the decision's history event */
export function decide(
  engine: Engine,
  outbox: Outbox,
  instance: Instance,
  decision: Decision,
  now: number,
): HistoryEvent {
  const { instanceId, executionId } = instance;
  switch (decision.kind) {
    case 'activity':
      outbox.activity({ instanceId, executionId, decision: decision.id, name: decision.name, input: decision.input });
      break;
    case 'timer': {
      const { id, fireAt } = decision;
      const event = historyEvent('TimerFired', fireAt, { TimerId: id, FireAt: new Date(fireAt).toISOString() });
      outbox.toInstance(instanceId, executionId, { kind: 'event', event }, fireAt);
      break;
    }
    case 'message':
      outbox.toEntity(decision.target, { kind: decision.eventName, message: decision.message }, decision.dueAt);
      break;
    case 'sub-orchestration':
      startChild(engine, outbox, instance, decision, now);
      break;
  }
  return decisionEvent(decision, now);
}

/** A decision as history records it. */
export function decisionEvent(decision: Decision, at: number): HistoryEvent {
  const EventId = decision.id;
  switch (decision.kind) {
    case 'activity':
      return historyEvent('TaskScheduled', at, { EventId, Name: decision.name, Version: '', Input: decision.input });
    case 'timer':
      return historyEvent('TimerCreated', at, { EventId, FireAt: new Date(decision.fireAt).toISOString() });
    case 'message': {
      const { target, eventName, message, dueAt } = decision;
      const name = dueAt === undefined ? eventName : `${eventName}@${new Date(dueAt).toISOString()}`;
      return historyEvent('EventSent', at, { EventId, InstanceId: target, Name: name, Input: JSON.stringify(message) });
    }
    case 'sub-orchestration': {
      const { name, version, input, instanceId } = decision;
      const members = { EventId, InstanceId: instanceId, Name: name, Version: version, Input: input };
      return historyEvent('SubOrchestrationInstanceCreated', at, members);
    }
  }
}

function startChild(
  engine: Engine,
  outbox: Outbox,
  parent: Instance,
  child: Decision & { kind: 'sub-orchestration' },
  now: number,
): void {
  const former = engine.store.instance(child.instanceId);
  if (former && !isTerminal(former.status)) {
    const event = historyEvent('SubOrchestrationInstanceFailed', now, {
      TaskScheduledId: child.id,
      Reason: `An orchestration instance "${child.instanceId}" is running already.`,
      Details: 'Choose another instanceId, or leave it out.',
    });
    outbox.toInstance(parent.instanceId, parent.executionId, { kind: 'event', event });
    return;
  }
  engine.store.purge(child.instanceId);
  outbox.newInstance({
    instanceId: child.instanceId,
    executionId: randomUUID().replaceAll('-', ''),
    name: child.name,
    version: child.version,
    input: child.input,
    output: null,
    customStatus: null,
    status: 'Pending',
    createdAt: now,
    updatedAt: now,
    parentInstanceId: parent.instanceId,
    parentExecutionId: parent.executionId,
    parentDecision: child.id,
  });
}
