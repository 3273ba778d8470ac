import { CallError } from '../../contracts/error.ts';
import type { Carrier } from '../acs/call-automation.ts';
import type { CallMessage } from '../call-message.ts';
import type { DialStart } from '../call-start.ts';

/**
 * Places the call and says what the orchestration should know of it. Run again, it finds the call it has placed: nobody
 * is rung twice.
 * @throws CallError when trying again can help
 */
export async function dial(carrier: Carrier, start: DialStart, now: () => number): Promise<CallMessage> {
  const { opening, mode, mediaUrl } = start;
  const { callId } = opening;
  try {
    const { callConnectionId } = await carrier.create({
      ...{ callId, ...start.dial, mode, mediaUrl },
      operationContext: `dial:${callId}`,
    });
    return { id: 'dialled', from: 'us', type: 'dialled', callConnectionId, at: now() };
  } catch (error) {
    if (!(error instanceof CallError) || error.retryable) throw error;
    const { status, code } = error.details;
    return {
      id: 'dial-failed',
      from: 'us',
      type: 'answer-failed',
      code: Number(status) || 0,
      subCode: Number(code) || 0,
      at: now(),
    };
  }
}
