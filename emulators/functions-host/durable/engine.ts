import type { RegisteredFunction, TypedData } from '../core-module.ts';
import type { InvocationResult } from '../invocation.ts';
import type { Log, LogLevel } from '../log.ts';
import { runActivity } from './activities.ts';
import { type DurableFunctions, type DurableKind, refusal } from './callable.ts';
import { Dispatcher } from './dispatcher.ts';
import { DueTimer } from './due-timer.ts';
import { runEntity } from './entities.ts';
import { runEpisode } from './episode.ts';
import { GroupCommit } from './group-commit.ts';
import { Outbox } from './outbox.ts';
import { type DurableStore, type Instance, isTerminal } from './store.ts';

/*
 * Turns messages into episodes, entity batches and activity runs, right after the commit that caused it; of episodes,
 * which are long, one begins in a turn of the event loop. All state is in the store: after SIGKILL `start`
 * finds due messages, unfinished work and timers there and goes on.
 */

export interface DurableLimits {
  orchestrators: number;
  activities: number;
  entities: number;
  entityBatch: number;
}

export interface EngineOptions {
  store: DurableStore;
  functions: DurableFunctions;
  invoke: (
    fn: RegisteredFunction,
    trigger: TypedData | undefined,
    metadata?: Record<string, TypedData>,
  ) => Promise<InvocationResult>;
  limits: DurableLimits;
  log: Log;
  /** @default Date.now */
  now?: () => number;
}

export class Engine {
  readonly store: DurableStore;
  readonly functions: DurableFunctions;
  readonly invoke: EngineOptions['invoke'];
  readonly limits: DurableLimits;
  readonly now: () => number;
  /** For messages of which many may come at once. */
  readonly together: GroupCommit = new GroupCommit(work => this.commit(work));
  #log: Log;
  #orchestrations: Dispatcher<string>;
  #entities: Dispatcher<string>;
  #activities: Dispatcher<number>;
  #timer: DueTimer;
  #watchers = new Map<string, Set<() => void>>();

  constructor(options: EngineOptions) {
    const { store, limits } = options;
    this.store = store;
    this.functions = options.functions;
    this.invoke = options.invoke;
    this.limits = limits;
    this.now = options.now ?? Date.now;
    this.#log = options.log;
    const onError = (key: unknown, error: unknown): void =>
      this.log(
        'error',
        `Durable work on ${String(key)} stopped and will run again at the next start: ${String((error as Error).stack)}`,
      );
    this.#orchestrations = new Dispatcher<string>({
      limit: limits.orchestrators,
      run: id => runEpisode(this, id),
      onError,
      begins: 'one-a-turn',
    });
    this.#entities = new Dispatcher<string>({ limit: limits.entities, run: id => runEntity(this, id), onError });
    this.#activities = new Dispatcher<number>({ limit: limits.activities, run: id => runActivity(this, id), onError });
    this.#timer = new DueTimer({
      now: this.now,
      nextDueAfter: now => store.nextDueAfter(now),
      onDue: now => {
        for (const id of store.instancesWithDueMessages(now)) this.wake(id);
      },
    });
  }

  /** Resumes everything that a former process left behind. */
  start(): void {
    this.#timer.fire();
    for (const id of this.store.pendingWork()) this.#activities.wake(id);
  }

  /** Starts no more work and waits for what runs; the rest is resumed by the next start. */
  async stop(): Promise<void> {
    this.#timer.stop();
    await Promise.all([this.#orchestrations.stop(), this.#entities.stop(), this.#activities.stop()]);
  }

  log(level: LogLevel, message: string): void {
    this.#log({ level, category: 'host', message });
  }

  /** Runs `work` in one transaction, then wakes whom its messages are for. */
  commit<Result>(work: (outbox: Outbox, now: number) => Result): Result {
    const now = this.now();
    const outbox = new Outbox(this.store, now);
    const result = this.store.db.transaction(() => work(outbox, now));
    for (const id of outbox.addressees) this.wake(id);
    for (const id of outbox.workIds) this.#activities.wake(id);
    this.#timer.notBefore(outbox.nextDueAt);
    for (const id of outbox.ended) this.#tellWatchers(id);
    return result;
  }

  wake(instanceId: string): void {
    if (instanceId.startsWith('@')) this.#entities.wake(instanceId);
    else this.#orchestrations.wake(instanceId);
  }

  /** Resolves when the instance has ended or `withinMs` have passed. */
  async ended(instanceId: string, withinMs: number): Promise<Instance | undefined> {
    const now = this.store.instance(instanceId);
    if (!now || isTerminal(now.status) || withinMs <= 0) return now;
    await new Promise<void>(resolve => {
      const watchers = this.#watchers.get(instanceId) ?? new Set();
      this.#watchers.set(instanceId, watchers);
      const finish = (): void => {
        clearTimeout(timeout);
        watchers.delete(finish);
        if (watchers.size === 0) this.#watchers.delete(instanceId);
        resolve();
      };
      const timeout = setTimeout(finish, withinMs);
      watchers.add(finish);
    });
    return this.store.instance(instanceId);
  }

  /** Why a durable function cannot be called, or undefined. */
  refusal(kind: DurableKind, name: string): string | undefined {
    return refusal(this.functions, kind, name);
  }

  #tellWatchers(instanceId: string): void {
    for (const watcher of this.#watchers.get(instanceId) ?? []) watcher();
  }
}
