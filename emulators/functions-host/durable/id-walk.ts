import { createHash } from 'node:crypto';
import { type Action, ActionType, activityInput, type Decision, entityInstanceId, jsonText } from './action.ts';
import { DecisionLedger } from './decision-ledger.ts';
import { EventType, type HistoryEvent } from './history.ts';
import { retryDelay } from './retry.ts';
import { allOf, coroutine, done, firstOf, type Outcome, type SynchronousTask, settled } from './synchronous-task.ts';

/*
 * Walks an orchestrator's action list along its history and gives every decision its id. The library numbers the same
 * decisions on its own while it replays; both must coincide, so this mirrors the order in which the extension starts
 * and awaits actions. What history does not confirm at the end is new.
 */

const maximumShortTimerMs = 6 * 86_400_000;
const longTimerSliceMs = 3 * 86_400_000;

/** @default 30000 ms between polls of callHttp without Retry-After */
export const httpPollMs = 30_000;

export const httpActivity = 'BuiltIn::HttpActivity';

export interface WalkInput {
  instanceId: string;
  executionId: string;
  history: readonly HistoryEvent[];
  actions: readonly Action[];
  /** Tells why a name cannot be called, or undefined when it can. */
  refuse?: (kind: 'activity' | 'orchestrator' | 'entity', name: string) => string | undefined;
}

export interface Walked {
  /** Decisions that history does not know yet, by id. */
  decisions: Decision[];
  /** True when every action has been started and awaited. */
  reachedEnd: boolean;
  /** Activities, sub-orchestrations and uncancelled timers without an answer; an instance completes only at zero. */
  openTasks: number;
  continueAsNew: { input: unknown } | undefined;
  /** Entities still locked, with the lock's request id. */
  held: { lockRequestId: string; entities: string[] } | undefined;
}

/** An action names a function that does not exist, or is malformed. */
export class ActionRefused extends Error {
  override name = 'ActionRefused';
}

export function walk(input: WalkInput): Walked {
  return new Walk(input).run();
}

class Walk {
  #input: WalkInput;
  #ledger = new DecisionLedger();
  #now = 0;
  #continueAsNew: { input: unknown } | undefined;
  #held: { lockRequestId: string; entities: string[] } | undefined;
  #end: SynchronousTask | undefined;

  constructor(input: WalkInput) {
    this.#input = input;
  }

  run(): Walked {
    for (const event of this.#input.history) this.#apply(event);
    return {
      decisions: this.#ledger.unconfirmed,
      reachedEnd: this.#end?.outcome !== undefined,
      openTasks: this.#ledger.openTasks,
      continueAsNew: this.#continueAsNew,
      held: this.#held,
    };
  }

  #apply(event: HistoryEvent): void {
    switch (event.EventType) {
      case EventType.OrchestratorStarted:
        this.#now = Math.max(this.#now, Date.parse(event.Timestamp));
        break;
      case EventType.OrchestratorCompleted:
        this.#ledger.expectAllConfirmed();
        break;
      case EventType.ExecutionStarted:
        this.#end = coroutine(this.#inOrder(this.#input.actions));
        break;
      case EventType.TaskScheduled:
      case EventType.SubOrchestrationInstanceCreated:
      case EventType.TimerCreated:
      case EventType.EventSent:
        this.#ledger.confirm(event);
        break;
      case EventType.TaskCompleted:
      case EventType.SubOrchestrationInstanceCompleted:
        this.#ledger.answer(event.TaskScheduledId, { ok: true, result: event.Result ?? null });
        break;
      case EventType.TaskFailed:
      case EventType.SubOrchestrationInstanceFailed:
        this.#ledger.answer(event.TaskScheduledId, { ok: false });
        break;
      case EventType.TimerFired:
        this.#ledger.answer(event.TimerId, done);
        break;
      case EventType.EventRaised:
        this.#ledger.raise(String(event.Name), { ok: true, result: event.Input ?? null });
        break;
      default:
        break;
    }
  }

  *#inOrder(actions: readonly Action[]): Generator<SynchronousTask, Outcome, Outcome> {
    for (const action of actions) yield this.#start(action);
    return done;
  }

  #start(action: Action): SynchronousTask {
    switch (action.actionType) {
      case ActionType.CallActivity:
        return this.#activity(action);
      case ActionType.CallActivityWithRetry:
        return coroutine(this.#withRetry(action, () => this.#activity(action)));
      case ActionType.CallSubOrchestrator:
        return this.#subOrchestration(action);
      case ActionType.CallSubOrchestratorWithRetry:
        return coroutine(this.#withRetry(action, () => this.#subOrchestration(action)));
      case ActionType.ContinueAsNew:
        this.#continueAsNew = { input: action.input };
        return settled();
      case ActionType.CreateTimer:
        return coroutine(this.#timer(Date.parse(action.fireAt!), action.isCanceled === true));
      case ActionType.WaitForExternalEvent:
        return this.#ledger.waitFor(action.externalEventName!);
      case ActionType.CallHttp:
        return coroutine(this.#http(action));
      case ActionType.CallEntity:
        return this.#callEntity(action);
      case ActionType.SignalEntity:
      case ActionType.ScheduledSignalEntity:
        return this.#signalEntity(action);
      case ActionType.WhenAny:
        return firstOf((action.compoundActions ?? []).map(child => this.#start(child)));
      case ActionType.WhenAll:
        return allOf((action.compoundActions ?? []).map(child => this.#start(child)));
      case ActionType.LockEntities:
        return this.#lock(action);
      case ActionType.ReleaseEntities:
        return this.#release();
      default:
        throw new ActionRefused(`Action type ${action.actionType} is not known to this host.`);
    }
  }

  #activity(action: Action): SynchronousTask {
    const name = action.functionName!;
    this.#expectCallable('activity', name);
    return this.#ledger.awaited(
      this.#ledger.decide(id => ({ kind: 'activity', id, name, input: activityInput(action.input) })),
    );
  }

  #subOrchestration(action: Action): SynchronousTask {
    const name = action.functionName!;
    this.#expectCallable('orchestrator', name);
    return this.#ledger.awaited(
      this.#ledger.decide(id => ({
        kind: 'sub-orchestration',
        id,
        name,
        instanceId: action.instanceId || `${this.#input.executionId}:${id}`,
        input: jsonText(action.input),
        version: action.version ?? null,
      })),
    );
  }

  *#withRetry(action: Action, attempt: () => SynchronousTask): Generator<SynchronousTask, Outcome, Outcome> {
    const options = action.retryOptions!;
    const firstAttemptAt = this.#now;
    for (let failures = 0; failures < options.maxNumberOfAttempts; failures += 1) {
      const outcome = yield attempt();
      if (outcome.ok) return outcome;
      const delayMs = retryDelay(options, failures, this.#now - firstAttemptAt);
      if (delayMs === undefined) break;
      // The library also counts the timer after the last failure.
      yield* this.#timer(this.#now + delayMs, false);
    }
    return { ok: false };
  }

  /** Longer than six days means slices of three: queues cannot hide a message for longer than seven. */
  *#timer(fireAt: number, cancelled: boolean): Generator<SynchronousTask, Outcome, Outcome> {
    do {
      const remaining = fireAt - this.#now;
      const next = remaining > maximumShortTimerMs ? this.#now + longTimerSliceMs : fireAt;
      const decision = this.#ledger.decide(id => ({ kind: 'timer', id, fireAt: next }));
      yield this.#ledger.awaited(decision, cancelled);
    } while (this.#now < fireAt);
    return done;
  }

  *#http(action: Action): Generator<SynchronousTask, Outcome, Outcome> {
    let request = action.httpRequest!;
    for (;;) {
      const call = request;
      const input = JSON.stringify(call);
      const outcome = yield this.#ledger.awaited(
        this.#ledger.decide(id => ({ kind: 'activity', id, name: httpActivity, input })),
      );
      const poll = outcome.ok && call.asynchronousPatternEnabled !== false && pollTarget(outcome.result);
      if (!poll) return outcome;
      yield* this.#timer(this.#now + poll.afterMs, false);
      request = { ...call, method: 'GET', uri: new URL(poll.location, call.uri).href };
      delete request.content;
    }
  }

  #callEntity(action: Action): SynchronousTask {
    const requestId = this.#send(action, false);
    return this.#ledger.waitFor(requestId);
  }

  #signalEntity(action: Action): SynchronousTask {
    this.#send(action, true);
    return settled();
  }

  #send(action: Action, signal: boolean): string {
    const target = action.instanceId!;
    this.#expectCallable('entity', target.slice(1, target.indexOf('@', 1)));
    const text = jsonText(action.input);
    const { instanceId, executionId } = this.#input;
    let requestId = '';
    this.#ledger.decide(id => {
      requestId = this.#guid(id);
      return {
        kind: 'message',
        id,
        target,
        eventName: 'op',
        message: {
          op: action.operation!,
          ...(signal ? { signal: true } : {}),
          ...(text === null ? {} : { input: text }),
          id: requestId,
          parent: instanceId,
          parentExecution: executionId,
        },
        ...(action.fireAt ? { dueAt: Date.parse(action.fireAt) } : {}),
      };
    });
    return requestId;
  }

  #lock(action: Action): SynchronousTask {
    const lockset = action.lockSet!;
    for (const entity of lockset) this.#expectCallable('entity', entity.name);
    const lockRequestId = action.lockRequestId!;
    const entities = lockset.map(entityInstanceId);
    this.#held = { lockRequestId, entities };
    this.#ledger.decide(id => ({
      kind: 'message',
      id,
      target: entities[0]!,
      eventName: 'op',
      message: {
        id: lockRequestId,
        lockset,
        pos: 0,
        parent: this.#input.instanceId,
        parentExecution: this.#input.executionId,
      },
    }));
    return this.#ledger.waitFor(lockRequestId);
  }

  #release(): SynchronousTask {
    const held = this.#held;
    this.#held = undefined;
    for (const target of held?.entities ?? []) {
      const message = { parent: this.#input.instanceId, id: held!.lockRequestId };
      this.#ledger.decide(id => ({ kind: 'message', id, target, eventName: 'release', message }));
    }
    return settled();
  }

  #expectCallable(kind: 'activity' | 'orchestrator' | 'entity', name: string): void {
    const reason = this.#input.refuse?.(kind, name);
    if (reason) throw new ActionRefused(reason);
  }

  /** The same on every replay, so that a call is recognised by its answer. */
  #guid(id: number): string {
    const { instanceId, executionId } = this.#input;
    const hash = createHash('sha1').update(`${instanceId}:${executionId}:${id}`).digest('hex');
    return [
      hash.slice(0, 8),
      hash.slice(8, 12),
      `5${hash.slice(13, 16)}`,
      `a${hash.slice(17, 20)}`,
      hash.slice(20, 32),
    ].join('-');
  }
}

function pollTarget(result: string | null | undefined): { location: string; afterMs: number } | undefined {
  const answer = JSON.parse(result ?? 'null') as { statusCode?: number; headers?: Record<string, string> } | null;
  if (answer?.statusCode !== 202) return undefined;
  const headers = new Map(Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const location = headers.get('location');
  const seconds = Number(headers.get('retry-after'));
  return location ? { location, afterMs: seconds > 0 ? seconds * 1000 : httpPollMs } : undefined;
}
