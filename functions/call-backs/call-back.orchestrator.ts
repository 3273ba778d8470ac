import * as df from 'durable-functions';
import type { CallBack, CallBackNews } from './call-backs.ts';
import type { Answered } from './look.ts';
import type { Placed } from './place.ts';

/**
 * Rings a caller back at the promised time, and again where nobody answers. It outlives every host: what it waits for, it
 * waits for with durable timers. Cancelled, it rings no more.
 */
export interface CallBackStart {
  id: string;
  /** Of the call in which it was promised. */
  callId: string;
  /** Epoch milliseconds. */
  at: number;
  target: string;
  callerId?: string;
  scenario?: string;
  agent?: string;
  /** What the caller says it is about. */
  note?: string;
}

export const cancelEvent = 'cancel';

const mostTries = 3;
export const betweenTriesMs = 15 * 60_000;
/** A telephone rings for two minutes at most; then the call's record tells how it went. */
const lookEveryMs = 20_000;
const mostLooks = 10;

export function* callBack(context: df.OrchestrationContext): Generator<df.Task, CallBack['state'], unknown> {
  const now = (): number => new Date(context.df.currentUtcDateTime).getTime();
  const start = context.df.getInput<CallBackStart>();
  const tries: CallBack['tries'] = [];
  const cancels: df.Task[] = [];
  let dueAt = start.at;

  for (let number = 1; number <= mostTries; number += 1) {
    if (yield* cancelledBefore(dueAt)) return yield* note('cancelled');
    tries.push({ at: new Date(now()).toISOString() });
    const placed = yield* tried<Placed>('place-call-back', { ...start, number });
    if (placed?.state === 'refused') return yield* note('failed');
    const reached = placed ? yield* ring(placed.callId) : false;
    tries.splice(-1, 1, { ...tries.at(-1)!, ...(placed && { callId: placed.callId }), reached });
    if (reached) return yield* note('reached');
    if (number < mostTries) yield* note('waiting');
    dueAt = now() + betweenTriesMs;
  }
  return yield* note(tries.some(each => each.callId !== undefined) ? 'given-up' : 'failed');

  function* ring(callId: string): Generator<df.Task, boolean, unknown> {
    tries.splice(-1, 1, { ...tries.at(-1)!, callId });
    yield* note('ringing');
    for (let look = 1; look <= mostLooks; look += 1) {
      yield context.df.createTimer(new Date(now() + lookEveryMs));
      const answered = yield* tried<{ answered: Answered }>('look-at-call-back', { callId });
      if (answered && answered.answered !== 'not-yet') return answered.answered === 'yes';
    }
    return false;
  }

  /** Each wait is in one `Task.any` only; one that lost to a timer stays open and is looked at too. */
  function* cancelledBefore(until: number): Generator<df.Task, boolean, unknown> {
    const isCancelled = () => cancels.some(task => task.isCompleted);
    if (isCancelled()) return true;
    const timer = context.df.createTimer(new Date(until));
    const cancel = context.df.waitForExternalEvent(cancelEvent);
    cancels.push(cancel);
    if ((yield context.df.Task.any([timer, cancel])) !== timer) timer.cancel();
    return isCancelled();
  }

  function* note(state: CallBack['state']): Generator<df.Task, CallBack['state'], unknown> {
    const news: CallBackNews = { id: start.id, state, tries: [...tries] };
    yield* tried('note-call-back', news);
    return state;
  }

  /** The activity's result, or undefined when all its attempts failed; the activity has logged why. */
  function* tried<T>(name: string, given: unknown): Generator<df.Task, T | undefined, unknown> {
    const task = context.df.callActivityWithRetry(name, whenSomethingIsAway(), given);
    try {
      return (yield task) as T;
    } catch (error) {
      if (task.isFaulted) return undefined;
      throw error;
    }
  }
}

function whenSomethingIsAway(): df.RetryOptions {
  const options = new df.RetryOptions(5_000, 6);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = 60_000;
  return options;
}
