import type { OrchestrationContext, Task } from 'durable-functions';
import { type CallMessage, callEventName } from './call-message.ts';
import { raisedIn } from './episode.ts';

/** Messages already folded are recognised among this many of the newest. */
const remembered = 100;

/** What one execution of a call leaves to the next. */
export interface Left {
  /** Ids of messages that have been folded. */
  seen: readonly string[];
  /** Messages that have come and were not read, in their order. */
  unread: readonly CallMessage[];
}

const nothing: Left = { seen: [], unread: [] };

/**
 * Hands the orchestration its messages one by one, none lost and none twice. Each wait is used in one `Task.any` only:
 * durable-functions counts a task again for every `any` it is in. A wait that lost to an alarm stays open, so it is
 * looked at before a new one is made.
 */
export class Inbox {
  readonly #context: OrchestrationContext;
  readonly #open: Task[] = [];
  readonly #seen: string[];
  readonly #left: CallMessage[];
  readonly #read = new Set<string>();
  #taken = 0;

  constructor(context: OrchestrationContext, { seen, unread }: Left = nothing) {
    this.#context = context;
    this.#seen = [...seen];
    this.#left = [...unread];
  }

  /** Messages received in this execution, repeated ones among them: each costs history. */
  get taken(): number {
    return this.#taken;
  }

  /** For the execution that follows this one: the platform keeps nothing of what has come and was not read. */
  get left(): Left {
    const raised = raisedIn(this.#context, callEventName) as CallMessage[];
    return { seen: [...this.#seen], unread: [...this.#left, ...raised.filter(({ id }) => !this.#read.has(id))] };
  }

  /** The next message that is new, or undefined when `until` (epoch milliseconds) came first. */
  *next(until: number): Generator<Task, CallMessage | undefined, unknown> {
    for (;;) {
      const message = this.#left.shift() ?? (yield* this.#received(until));
      if (!message) return undefined;
      if (this.#isNew(message.id)) return message;
    }
  }

  *#received(until: number): Generator<Task, CallMessage | undefined, unknown> {
    const message = this.#arrived() ?? (yield* this.#wait(until));
    if (message) {
      this.#taken += 1;
      this.#read.add(message.id);
    }
    return message;
  }

  #arrived(): CallMessage | undefined {
    const index = this.#open.findIndex(task => task.isCompleted);
    return index === -1 ? undefined : (this.#open.splice(index, 1)[0]?.result as CallMessage);
  }

  *#wait(until: number): Generator<Task, CallMessage | undefined, unknown> {
    const { df } = this.#context;
    const alarm = df.createTimer(new Date(until));
    this.#open.push(df.waitForExternalEvent(callEventName));
    const winner = yield df.Task.any([alarm, ...this.#open.slice(-1)]);
    if (winner === alarm) return undefined;
    alarm.cancel();
    return this.#arrived();
  }

  #isNew(id: string): boolean {
    if (this.#seen.includes(id)) return false;
    this.#seen.push(id);
    if (this.#seen.length > remembered) this.#seen.shift();
    return true;
  }
}
