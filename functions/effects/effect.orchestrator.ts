import * as df from 'durable-functions';
import type { EffectOutcome, EffectStart } from './effect.ts';

/**
 * Carries out one effect and remembers how it ended. It belongs to no call's orchestration, so it goes on after the call
 * has ended; its id is made of call and key, so there is never more than one of it at a time.
 */
export function* effect(context: df.OrchestrationContext): Generator<df.Task, EffectOutcome, unknown> {
  // The activity fails only before the tool has run, as long as nobody can say whether it has run before.
  const retry = new df.RetryOptions(1_000, 8);
  retry.backoffCoefficient = 2;
  retry.maxRetryIntervalInMilliseconds = 30_000;
  const start = context.df.getInput<EffectStart>();
  return (yield context.df.callActivityWithRetry('run-effect', retry, start)) as EffectOutcome;
}
