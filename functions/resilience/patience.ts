import { errorClasses, errorClassOf, retryAfterMs } from './error-classes.ts';

/** How long we go on asking, by who waits for the answer. */
export interface Patience {
  /** The first one included. */
  attempts: number;
  firstMs: number;
  /** Each wait is this many times the one before. */
  factor: number;
  longestMs: number;
}

/** A caller listens to the ringing tone: whatever cannot be had within a second or two is not had. */
export const answering: Patience = { attempts: 3, firstMs: 300, factor: 2, longestMs: 2_000 };

/** Nobody listens: orchestrations, and messages about a call that goes on meanwhile. */
export const background: Patience = { attempts: 3, firstMs: 2_000, factor: 1, longestMs: 10_000 };

/**
 * Wait before the next attempt, or undefined when there is none.
 * @param failed attempts so far, from 1
 * @param chance from 0 to 1: many callers who failed together must not come back together
 */
export function nextWaitMs(
  patience: Patience,
  error: unknown,
  failed: number,
  now: number,
  chance: number,
): number | undefined {
  const { retry } = errorClasses[errorClassOf(error)];
  if (retry === 'never' || failed >= patience.attempts) return undefined;
  const told = retry === 'as-told' ? retryAfterMs(error, now) : undefined;
  if (told !== undefined) return told <= patience.longestMs ? told : undefined;
  const whole = Math.min(patience.longestMs, patience.firstMs * patience.factor ** (failed - 1));
  return Math.min(patience.longestMs, Math.round(whole * (1 + chance / 4)));
}

/**
 * The same numbers for an SDK that sends one request again by itself: only the SDK can send it under the id by which the
 * service knows a repetition.
 */
export function sdkRetries({ attempts, firstMs, longestMs }: Patience) {
  return { maxRetries: attempts - 1, retryDelayInMs: firstMs, maxRetryDelayInMs: longestMs };
}
