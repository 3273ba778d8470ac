/*
 * Promises whose continuations run at once, inside `settle`. The id walk needs that: every continuation of one history
 * event must have run before the next event is applied, and microtasks give no such moment.
 */

export interface Outcome {
  ok: boolean;
  /** JSON text of the result; undefined for timers and failures. */
  result?: string | null;
}

type Listener = (outcome: Outcome) => void;

export class SynchronousTask {
  outcome: Outcome | undefined;
  #listeners: Listener[] = [];

  /** The first outcome counts; later ones are ignored. */
  settle(outcome: Outcome): void {
    if (this.outcome) return;
    this.outcome = outcome;
    for (const listener of this.#listeners.splice(0)) listener(outcome);
  }

  whenSettled(listener: Listener): void {
    if (this.outcome) listener(this.outcome);
    else this.#listeners.push(listener);
  }
}

export const done: Outcome = { ok: true };

export function settled(outcome: Outcome = done): SynchronousTask {
  const task = new SynchronousTask();
  task.settle(outcome);
  return task;
}

/** Settles with the first child; with none it never settles. */
export function firstOf(children: SynchronousTask[]): SynchronousTask {
  const task = new SynchronousTask();
  for (const child of children) child.whenSettled(() => task.settle(done));
  return task;
}

/** Settles once all children have, failed or not. */
export function allOf(children: SynchronousTask[]): SynchronousTask {
  if (children.length === 0) return settled();
  const task = new SynchronousTask();
  let open = children.length;
  for (const child of children) {
    child.whenSettled(() => {
      open -= 1;
      if (open === 0) task.settle(done);
    });
  }
  return task;
}

/** Runs a generator that yields tasks and receives their outcomes; settles with what it returns. */
export function coroutine(steps: Generator<SynchronousTask, Outcome, Outcome>): SynchronousTask {
  const task = new SynchronousTask();
  const advance = (outcome: Outcome): void => {
    const step = steps.next(outcome);
    if (step.done) task.settle(step.value);
    else step.value.whenSettled(advance);
  };
  advance(done);
  return task;
}
