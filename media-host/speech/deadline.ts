import type { Clock } from '../clock.ts';

/**
 * A callback pair of the Speech SDK as a promise that always settles: the SDK tells some failures by never calling back.
 * @throws Error with the SDK's reason, or one that names the deadline.
 */
export function withinMs(
  clock: Clock,
  ms: number,
  begin: (done: () => void, failed: (reason: string) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const forget = clock.after(ms, () => reject(new Error(`The Speech SDK did not answer within ${ms} ms.`)));
    begin(
      () => {
        forget();
        resolve();
      },
      reason => {
        forget();
        reject(new Error(reason));
      },
    );
  });
}
