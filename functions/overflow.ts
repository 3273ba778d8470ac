import { CallError } from '../contracts/error.ts';
import type { Carrier } from './acs/call-automation.ts';
import { failure, type Log } from './log.ts';
import type { ControlSettings } from './settings.ts';

/**
 * What a caller meets when no media host has a place, before anybody has answered: the busy tone, or another number. A
 * number that cannot be reached is no reason to let the phone ring on.
 */
export async function overflow(
  carrier: Pick<Carrier, 'redirect' | 'reject'>,
  { OVERFLOW, OVERFLOW_NUMBER }: Pick<ControlSettings, 'OVERFLOW' | 'OVERFLOW_NUMBER'>,
  ring: { callId: string; incomingCallContext: string },
  log: Log,
): Promise<'redirected' | 'busy'> {
  if (OVERFLOW === 'redirect' && OVERFLOW_NUMBER !== undefined) {
    try {
      await carrier.redirect(ring.incomingCallContext, OVERFLOW_NUMBER);
      return 'redirected';
    } catch (error) {
      if (!(error instanceof CallError) || error.retryable) throw error;
      log.error('call.not-redirected', { callId: ring.callId, ...failure(error) });
    }
  }
  await carrier.reject(ring.incomingCallContext, 'busy');
  return 'busy';
}
