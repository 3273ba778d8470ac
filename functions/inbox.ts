import type { OrchestrationContext, Task } from 'durable-functions';
import { type CallMessage, callEventName } from './call-message.ts';

/** Messages already folded are recognised among this many of the newest. */
const remembered = 100;

/**
 * Hands the orchestration its messages one by one, none lost and none twice. Each wait is used in one `Task.any` only:
 * durable-functions counts a task again for every `any` it is in. A wait that lost to an alarm stays open, so it is
 * looked at before a new one is made.
 */
export class Inbox {
  readonly #df: OrchestrationContext['df'];
  readonly #open: Task[] = [];
  readonly #seen: string[];
  #taken = 0;

  /** @param seen ids that an earlier execution of the same call has folded. */
  constructor(df: OrchestrationContext['df'], seen: readonly string[] = []) {
    this.#df = df;
    this.#seen = [...seen];
  }

  /** Messages received in this execution, repeated ones among them: each costs history. */
  get taken(): number {
    return this.#taken;
  }

  /** Ids of the newest messages. */
  get seen(): readonly string[] {
    return this.#seen;
  }

  /** The next message that is new, or undefined when `until` (epoch milliseconds) came first. */
  *next(until: number): Generator<Task, CallMessage | undefined, unknown> {
    for (;;) {
      const message = this.#arrived() ?? (yield* this.#wait(until));
      if (!message) return undefined;
      this.#taken += 1;
      if (this.#isNew(message.id)) return message;
    }
  }

  #arrived(): CallMessage | undefined {
    const index = this.#open.findIndex(task => task.isCompleted);
    return index === -1 ? undefined : (this.#open.splice(index, 1)[0]?.result as CallMessage);
  }

  *#wait(until: number): Generator<Task, CallMessage | undefined, unknown> {
    const alarm = this.#df.createTimer(new Date(until));
    this.#open.push(this.#df.waitForExternalEvent(callEventName));
    const winner = yield this.#df.Task.any([alarm, ...this.#open.slice(-1)]);
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
