import { CallError } from '../../contracts/error.ts';
import type { Carrier } from '../acs/call-automation.ts';
import type { CallMessage } from '../call-message.ts';
import type { RingStart } from '../call-start.ts';

/**
 * Answers the ring and says what the orchestration should know of it. The webhook runs this at once, the orchestration
 * again when it hears nothing: the second finds the context spent, which is no failure.
 * @throws CallError when trying again can help
 */
export async function answerCall(carrier: Carrier, start: RingStart, now: () => number): Promise<CallMessage> {
  const { opening, mode, incomingCallContext, mediaUrl } = start;
  try {
    const result = await carrier.answer({ callId: opening.callId, incomingCallContext, mediaUrl, mode });
    return result.outcome === 'answered'
      ? { id: 'answered', from: 'us', type: 'answered', callConnectionId: result.callConnectionId, at: now() }
      : { id: 'answer-unclear', from: 'us', type: 'answer-unclear', at: now() };
  } catch (error) {
    if (!(error instanceof CallError) || error.retryable) throw error;
    const { status, code } = error.details;
    return {
      id: 'answer-failed',
      from: 'us',
      type: 'answer-failed',
      code: Number(status),
      subCode: Number(code) || 0,
      at: now(),
    };
  }
}
