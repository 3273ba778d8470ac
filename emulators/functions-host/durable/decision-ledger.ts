import type { Decision } from './action.ts';
import { EventType, eventName, type HistoryEvent } from './history.ts';
import { type Outcome, SynchronousTask, settled } from './synchronous-task.ts';

/*
 * Books for one walk: which id is next, which decisions history has yet to confirm, which tasks and external events are
 * awaited. Library and host number decisions independently, so any disagreement with history is an error here.
 */

/** The orchestrator no longer makes the decisions its history holds. */
export class NonDeterminism extends Error {
  override name = 'NonDeterminism';
}

export class DecisionLedger {
  #nextId = 0;
  #unconfirmed = new Map<number, Decision>();
  #open = new Map<number, SynchronousTask>();
  #cancelled = new Set<number>();
  #waiting = new Map<string, SynchronousTask[]>();
  #buffered = new Map<string, Outcome[]>();

  /** Decisions that history does not know, in the order they were made. */
  get unconfirmed(): Decision[] {
    return [...this.#unconfirmed.values()];
  }

  /** Tasks without an answer; cancelled timers do not count. */
  get openTasks(): number {
    return [...this.#open.keys()].filter(id => !this.#cancelled.has(id)).length;
  }

  /** Takes the next id for a decision that history must confirm. */
  decide(decision: (id: number) => Decision): Decision {
    const made = decision(this.#nextId++);
    this.#unconfirmed.set(made.id, made);
    return made;
  }

  /** @param cancelled a cancelled timer is recorded and may fire, but nothing waits for it */
  awaited(decision: Decision, cancelled = false): SynchronousTask {
    if (cancelled) this.#cancelled.add(decision.id);
    const task = new SynchronousTask();
    this.#open.set(decision.id, task);
    return task;
  }

  answer(id: number | undefined, outcome: Outcome): void {
    const task = this.#open.get(id ?? -1);
    this.#open.delete(id ?? -1);
    task?.settle(outcome);
  }

  /** As in the library: the newest waiter of a name gets the event, and events without a waiter queue up in order. */
  raise(name: string, outcome: Outcome): void {
    const waiter = this.#waiting.get(name)?.pop();
    if (waiter) waiter.settle(outcome);
    else this.#buffered.set(name, [...(this.#buffered.get(name) ?? []), outcome]);
  }

  waitFor(name: string): SynchronousTask {
    const early = this.#buffered.get(name)?.shift();
    if (early) return settled(early);
    const task = new SynchronousTask();
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), task]);
    return task;
  }

  confirm(event: HistoryEvent): void {
    const decision = this.#unconfirmed.get(event.EventId);
    const was = `${eventName(event)} ${event.EventId}${event.Name ? ` "${event.Name}"` : ''}`;
    if (!decision) {
      throw new NonDeterminism(`history holds ${was}, but today's code makes no such decision.`);
    }
    if (!sameDecision(decision, event)) {
      throw new NonDeterminism(`history holds ${was}, but today's code decides ${describe(decision)}.`);
    }
    this.#unconfirmed.delete(event.EventId);
  }

  /** An episode commits all it decides: something left over at its end is new code. */
  expectAllConfirmed(): void {
    const [extra] = this.#unconfirmed.values();
    if (extra) {
      throw new NonDeterminism(`today's code decides ${describe(extra)} where history shows that it did not.`);
    }
  }
}

function sameDecision(decision: Decision, event: HistoryEvent): boolean {
  switch (event.EventType) {
    case EventType.TaskScheduled:
      return decision.kind === 'activity' && decision.name === event.Name;
    case EventType.SubOrchestrationInstanceCreated:
      return decision.kind === 'sub-orchestration' && decision.name === event.Name;
    case EventType.TimerCreated:
      return decision.kind === 'timer';
    default:
      return (
        decision.kind === 'message' &&
        decision.target === event.InstanceId &&
        decision.eventName === event.Name?.split('@')[0]
      );
  }
}

function describe(decision: Decision): string {
  switch (decision.kind) {
    case 'activity':
      return `activity ${decision.id} "${decision.name}"`;
    case 'sub-orchestration':
      return `sub-orchestration ${decision.id} "${decision.name}"`;
    case 'timer':
      return `timer ${decision.id}`;
    case 'message':
      return `message ${decision.id} to "${decision.target}"`;
  }
}
