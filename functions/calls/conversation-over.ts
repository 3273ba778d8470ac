import { isCallId } from '../../contracts/call-id.ts';
import { orchestrationOf, tell } from '../call-message.ts';
import type { Door } from '../doors.ts';
import { failure } from '../log.ts';
import { problem } from '../problem.ts';
import { noSuchCall } from './action.ts';
import { hangUpAction } from './actions.ts';
import { readBody } from './request-body.ts';

/**
 * Where the media host says that a conversation is over. It depends on the orchestration alone: a caller must not be left
 * on a silent line because something else is away.
 */
export const conversationOver: Door = async (_plane, request, client, log) => {
  const { callId = '' } = request.params;
  if (!isCallId(callId)) return noSuchCall();
  const read = await readBody(request, hangUpAction.body);
  if ('refusal' in read) return read.refusal;
  try {
    const orchestration = await orchestrationOf(client, callId);
    if (!orchestration) return noSuchCall();
    if (!orchestration.running) return problem(409, 'The call has ended.');
    const at = Date.now();
    const message = { ...read.body, id: `conversation-over:${at}`, from: 'us', type: 'hang-up-asked', at } as const;
    if ((await tell(client, callId, message)) === 'gone') return noSuchCall();
    return { status: 202, jsonBody: { callId, status: 'asked' } };
  } catch (error) {
    log.error('calls-api.failed', { callId, operation: 'conversation-over', ...failure(error) });
    return problem(503, 'The call could not be reached just now.');
  }
};
