import type { EntityMessage } from './action.ts';
import { type HistoryEvent, historyEvent } from './history.ts';
import type { DurableStore, Instance, WorkRow } from './store.ts';

/*
 * Collects what one transaction sends, so that the engine can wake the addressees once it is committed. Nobody sees a
 * message of a transaction that was rolled back.
 */

/** What an orchestration's inbox may hold. */
export type InstanceMessage =
  | { kind: 'event'; event: HistoryEvent }
  | { kind: 'terminate' | 'suspend' | 'resume'; reason: string | null };

/** What an entity's inbox may hold. */
export type EntityInboxMessage = { kind: 'op' | 'release'; message: EntityMessage };

export class Outbox {
  /** Instances and entities with a message due now. */
  readonly addressees = new Set<string>();
  readonly workIds: number[] = [];
  /** Instances that reached a final status. */
  readonly ended: string[] = [];
  nextDueAt = Number.POSITIVE_INFINITY;
  #store: DurableStore;
  #now: number;

  constructor(store: DurableStore, now: number) {
    this.#store = store;
    this.#now = now;
  }

  /** @param executionId the only execution that may take the message; null means whichever is current */
  toInstance(instanceId: string, executionId: string | null, message: InstanceMessage, dueAt = this.#now): void {
    this.#post(instanceId, executionId, message, dueAt);
  }

  toEntity(entityId: string, message: EntityInboxMessage, dueAt = this.#now): void {
    this.#post(entityId, null, message, dueAt);
  }

  activity(work: Omit<WorkRow, 'id'>): void {
    this.workIds.push(this.#store.addWork(work));
  }

  /** Creates an instance with its first message. */
  newInstance(instance: Instance): void {
    this.#store.putInstance(instance);
    this.toInstance(instance.instanceId, instance.executionId, { kind: 'event', event: executionStarted(instance) });
  }

  #post(instanceId: string, executionId: string | null, message: unknown, dueAt: number): void {
    this.#store.post({ instanceId, executionId, dueAt, message });
    if (dueAt <= this.#now) this.addressees.add(instanceId);
    else this.nextDueAt = Math.min(this.nextDueAt, dueAt);
  }
}

function executionStarted(instance: Instance): HistoryEvent {
  const parent = instance.parentInstanceId && {
    OrchestrationInstance: { InstanceId: instance.parentInstanceId, ExecutionId: instance.parentExecutionId },
    TaskScheduleId: instance.parentDecision,
  };
  return historyEvent('ExecutionStarted', instance.updatedAt, {
    Name: instance.name,
    Version: instance.version ?? '',
    Input: instance.input,
    OrchestrationInstance: { InstanceId: instance.instanceId, ExecutionId: instance.executionId },
    ParentInstance: parent || null,
    Tags: null,
  });
}
