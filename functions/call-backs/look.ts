import type { Store } from '../store.ts';

export type Answered = 'yes' | 'no' | 'not-yet';

/** Whether somebody has answered a call that was placed. */
export async function lookAtCallBack(
  store: Pick<Store, 'read'>,
  { callId }: { callId: string },
): Promise<{ answered: Answered }> {
  const stored = await store.read(callId);
  if (stored?.['answered'] === true) return { answered: 'yes' };
  return { answered: stored?.state === 'final' ? 'no' : 'not-yet' };
}
