import { randomUUID } from 'node:crypto';
import { jsonText } from './action.ts';
import type { Engine } from './engine.ts';
import { type HistoryEvent, historyEvent } from './history.ts';
import type { Walked } from './id-walk.ts';
import type { Outbox } from './outbox.ts';
import type { Instance } from './store.ts';

/** The ways an execution ends: completed, failed, terminated, or continued as new. */

/** History, timers and unconsumed external events go; messages that arrive later are for the new execution. */
export function continueAsNew(
  engine: Engine,
  outbox: Outbox,
  instance: Instance,
  { input, walked }: { input: unknown; walked: Walked },
  now: number,
): void {
  const { store } = engine;
  store.dropHistory(instance.instanceId);
  store.dropExecution(instance.instanceId, instance.executionId);
  releaseLocks(outbox, instance, walked);
  outbox.newInstance({
    ...instance,
    executionId: randomUUID().replaceAll('-', ''),
    input: jsonText(input),
    updatedAt: now,
  });
}

export interface Ending {
  events: HistoryEvent[];
  from: number;
  status: 'Completed' | 'Failed' | 'Terminated';
  output: string | null;
  details?: string;
  walked?: Walked;
}

export function end(engine: Engine, outbox: Outbox, instance: Instance, ending: Ending, now: number): void {
  const { store } = engine;
  const { status, output } = ending;
  const last =
    status === 'Terminated'
      ? []
      : [historyEvent('ExecutionCompleted', now, { OrchestrationStatus: status, Result: output })];
  const events = [...ending.events, ...last, historyEvent('OrchestratorCompleted', now)];
  store.appendHistory(instance.instanceId, ending.from, events);
  store.putInstance({ ...instance, status, output, updatedAt: now });
  store.dropWaiting(instance.instanceId);
  releaseLocks(outbox, instance, ending.walked);
  outbox.ended.push(instance.instanceId);
  if (instance.parentInstanceId === null) return;
  const text = output === null ? '' : String(JSON.parse(output));
  const event =
    status === 'Completed'
      ? historyEvent('SubOrchestrationInstanceCompleted', now, {
          TaskScheduledId: instance.parentDecision!,
          Result: output,
        })
      : historyEvent('SubOrchestrationInstanceFailed', now, {
          TaskScheduledId: instance.parentDecision!,
          Reason: text,
          Details: ending.details ?? text,
        });
  outbox.toInstance(instance.parentInstanceId, instance.parentExecutionId, { kind: 'event', event });
}

export function terminate(
  engine: Engine,
  outbox: Outbox,
  instance: Instance,
  { reason, events, from }: { reason: string | null; events: HistoryEvent[]; from: number },
  now: number,
): void {
  const terminated = historyEvent('ExecutionTerminated', now, { Input: reason });
  const ending: Ending = { events: [...events, terminated], from, status: 'Terminated', output: jsonText(reason) };
  end(engine, outbox, instance, ending, now);
  releaseAll(engine, outbox, instance.instanceId);
}

function releaseLocks(outbox: Outbox, instance: Instance, walked: Walked | undefined): void {
  for (const entity of walked?.held?.entities ?? []) {
    const message = { parent: instance.instanceId, id: walked!.held!.lockRequestId };
    outbox.toEntity(entity, { kind: 'release', message });
  }
}

/** A terminated orchestrator cannot say what it holds, so the entities are asked. */
function releaseAll(engine: Engine, outbox: Outbox, instanceId: string): void {
  for (const { entityId } of engine.store.lockedBy(instanceId)) {
    outbox.toEntity(entityId, { kind: 'release', message: { parent: instanceId, id: '' } });
  }
}
