import type { RetryOptions } from './action.ts';

const defaultMaximumMs = 6 * 86_400_000;

/**
 * Time until the next attempt, in ms.
 * @param failures failed attempts before the latest one
 * @param elapsedMs time since the first attempt began
 * @returns undefined when `retryTimeoutInMilliseconds` has passed
 */
export function retryDelay(options: RetryOptions, failures: number, elapsedMs: number): number | undefined {
  if (elapsedMs >= (options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY)) return undefined;
  const delayMs = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** failures;
  return Math.min(delayMs, options.maxRetryIntervalInMilliseconds ?? defaultMaximumMs);
}
