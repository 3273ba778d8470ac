import type { OrchestrationContext, Task } from 'durable-functions';

/**
 * Runs an orchestrator on a virtual clock: activities answer as scripted, messages come when the script says,
 * and between them time jumps to the next timer. It keeps no history; replay is the host's business and tested there.
 */
export interface Script {
  input: unknown;
  /** What each activity does; what is thrown fails the activity after all its attempts. */
  activities: Record<string, (input: never, now: number) => unknown>;
  /** Messages by the moment they arrive, ms since the beginning. */
  messages: { at: number; name: string; message: unknown }[];
  /** How long each activity takes. @default 0 */
  activityMs?: number;
}

export interface Played {
  output: unknown;
  /** Activities in order, with the moment they ran. */
  ran: { at: number; name: string; input: unknown }[];
  endedAt: number;
  status: unknown;
  /** Inputs the orchestration has given itself when it went on as new, as JSON carries them. */
  continuedWith: unknown[];
}

interface Pending {
  isCompleted: boolean;
  isFaulted: boolean;
  isCanceled: boolean;
  result?: unknown;
  event?: string;
  fireAt?: number;
  children?: Pending[];
  run?: () => unknown;
  cancel(): void;
}

type Orchestrator = (context: OrchestrationContext) => Generator<Task, unknown, unknown>;

export function play(orchestrator: Orchestrator, script: Script): Played {
  let now = 0;
  const ran: Played['ran'] = [];
  const waits: Pending[] = [];
  const early: { name: string; message: unknown }[] = [];
  const inbox = [...script.messages].sort((a, b) => a.at - b.at);
  let status: unknown;
  let input: unknown = script.input;
  const continuedWith: unknown[] = [];
  let next: { input: unknown } | undefined;

  const pending = (more: Partial<Pending>): Pending => {
    const task: Pending = {
      ...{ isCompleted: false, isFaulted: false, isCanceled: false },
      cancel: () => {
        task.isCanceled = true;
      },
      ...more,
    };
    return task;
  };
  const complete = (task: Pending, result?: unknown): void => {
    task.isCompleted = true;
    task.result = result;
  };
  const activity = (name: string, input: unknown): Pending =>
    pending({
      run: () => {
        ran.push({ at: now, name, input });
        return script.activities[name]?.(input as never, now);
      },
    });
  const df = {
    getInput: () => input,
    continueAsNew: (given: unknown) => {
      next = { input: JSON.parse(JSON.stringify(given)) };
    },
    get currentUtcDateTime() {
      return new Date(now);
    },
    setCustomStatus: (value: unknown) => {
      status = value;
    },
    createTimer: (at: Date) => pending({ fireAt: at.getTime() }),
    waitForExternalEvent: (event: string) => pending({ event }),
    callActivity: activity,
    callActivityWithRetry: (name: string, _: unknown, input: unknown) => activity(name, input),
    Task: { any: (children: Pending[]) => pending({ children }) },
  };

  const open = (task: Pending): void => {
    if (task.event === undefined) return;
    const index = early.findIndex(({ name }) => name === task.event);
    if (index === -1) waits.push(task);
    else complete(task, early.splice(index, 1)[0]?.message);
  };
  /** As in durable-functions: the newest waiter gets the message. */
  const deliver = (name: string, message: unknown): void => {
    const index = waits.findLastIndex(wait => wait.event === name);
    const wait = index === -1 ? undefined : waits.splice(index, 1)[0];
    if (wait) complete(wait, message);
    else early.push({ name, message });
  };
  const deliverDue = (): void => {
    while (inbox[0] && inbox[0].at <= now) {
      const { name, message } = inbox.shift()!;
      deliver(name, message);
    }
  };
  const waitFor = (task: Pending): Pending => {
    const parts = task.children ?? [task];
    for (const part of parts) open(part);
    for (;;) {
      const winner = parts.find(part => part.isCompleted);
      if (winner) return winner;
      const timer = parts.find(part => part.fireAt !== undefined && part.fireAt <= now);
      if (timer) complete(timer);
      else {
        now = Math.min(
          inbox[0]?.at ?? Number.POSITIVE_INFINITY,
          ...parts.map(part => part.fireAt ?? Number.POSITIVE_INFINITY),
        );
        if (now === Number.POSITIVE_INFINITY) throw new Error('The orchestration waits for what never comes.');
        deliverDue();
      }
    }
  };

  let steps = orchestrator({ df } as unknown as OrchestrationContext);
  let step = steps.next();
  for (;;) {
    if (step.done) {
      if (!next) break;
      // As the platform does: what has come and was not read is lost.
      waits.length = 0;
      early.length = 0;
      input = next.input;
      continuedWith.push(input);
      next = undefined;
      steps = orchestrator({ df } as unknown as OrchestrationContext);
      step = steps.next();
      continue;
    }
    const task = step.value as unknown as Pending;
    if (task.run) {
      try {
        complete(task, task.run());
        now += script.activityMs ?? 0;
        deliverDue();
        step = steps.next(task.result);
      } catch (error) {
        task.isFaulted = true;
        step = steps.throw(error);
      }
    } else {
      const winner = waitFor(task);
      step = steps.next(task.children ? winner : winner.result);
    }
  }
  return { output: step.value, ran, endedAt: now, status, continuedWith };
}
