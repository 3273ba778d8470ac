import * as df from 'durable-functions';
import type { SummaryStart, SummaryStep } from '../activities/post-summary.ts';

/**
 * Sends one summary of one call. It belongs to no call's orchestration, so a record never waits for it; its id is made of
 * call and reader, so each is sent one. Whatever it waits for, it waits with a durable timer.
 */
/** Times the service may be away, or ask for fewer requests. */
const attempts = 10;
const firstPauseMs = 5_000;
const longestPauseMs = 15 * 60_000;
/** A quota of e-mails is one of an hour, or a day. */
const handOverMs = 24 * 60 * 60_000;
/** A service that has not said within this time how a message ends will not say it. */
const underWayMs = 60 * 60_000;
const longestLookMs = 5 * 60_000;

export function* sendSummary(context: df.OrchestrationContext): Generator<df.Task, SummaryStep['state'], unknown> {
  const now = (): number => new Date(context.df.currentUtcDateTime).getTime();
  const start = context.df.getInput<SummaryStart>();
  let until = now() + handOverMs;
  let resume: string | undefined;
  let looks = 0;
  let failures = 0;
  for (;;) {
    const step = yield* performed({ ...start, ...(resume !== undefined && { resume }) });
    if (step.state !== 'under-way' && step.state !== 'later') return step.state;
    let waitMs: number;
    if (step.state === 'under-way') {
      if (resume === undefined) until = now() + underWayMs;
      resume = step.resume;
      looks += 1;
      waitMs = Math.max(step.afterMs, Math.min(longestLookMs, 1_000 * 2 ** (looks - 1)));
    } else {
      failures += 1;
      waitMs = Math.max(1_000, step.afterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)));
    }
    if (failures >= attempts || now() + waitMs > until) break;
    yield context.df.createTimer(new Date(now() + waitMs));
  }
  return (yield* performed({ ...start, givenUp: true })).state;

  /** It fails only where the database is away; what the e-mail service says it returns. */
  function* performed(asked: SummaryStart): Generator<df.Task, SummaryStep, unknown> {
    return (yield context.df.callActivityWithRetry('post-summary', whenStoreIsAway(), asked)) as SummaryStep;
  }
}

function whenStoreIsAway(): df.RetryOptions {
  const options = new df.RetryOptions(2_000, 20);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = 120_000;
  return options;
}
