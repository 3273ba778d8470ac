import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import { nextWaitMs, type Patience } from './patience.ts';

/**
 * Asks again as the patience allows and the error deserves. Only for what may be asked twice.
 * @throws what the last attempt threw
 */
export function persist<T>(run: () => Promise<T>, patience: Patience, signal?: AbortSignal): Promise<T> {
  // Each decision is made once, when the attempt has failed, and read twice: shall we, and how long first.
  let failed = 0;
  let waitMs: number | undefined;
  const worthIt = handleWhen(error => {
    failed += 1;
    waitMs = nextWaitMs(patience, error, failed, Date.now(), Math.random());
    return waitMs !== undefined;
  });
  const policy = retry(worthIt, {
    maxAttempts: patience.attempts - 1,
    backoff: new DelegateBackoff(() => waitMs ?? 0),
  });
  return policy.execute(run, signal);
}
