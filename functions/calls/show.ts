import { z } from 'zod';
import { isCallId } from '../../contracts/call-id.ts';
import { orchestrationOf } from '../call-message.ts';
import type { Door } from '../doors.ts';
import { failure } from '../log.ts';
import { problem } from '../problem.ts';
import { noSuchCall } from './action.ts';
import { askedBefore, isId } from './idempotency.ts';
import { standingOf } from './standing.ts';

/** How the call stands: its live state from the orchestration, its record from the store. */
export const showCall: Door = async (plane, request, client, log) => {
  const { callId = '' } = request.params;
  if (!isCallId(callId)) return noSuchCall();
  try {
    const [orchestration, stored] = await Promise.all([orchestrationOf(client, callId), plane.store.read(callId)]);
    if (!orchestration && !stored) return noSuchCall();
    const record = stored && Object.fromEntries(Object.entries(stored).filter(([name]) => !name.startsWith('_')));
    return {
      status: 200,
      jsonBody: { callId, running: orchestration?.running ?? false, life: orchestration?.customStatus ?? null, record },
    };
  } catch (error) {
    log.error('calls-api.failed', { callId, operation: 'show', ...failure(error) });
    return problem(503, 'The call could not be looked up just now.');
  }
};

export const shownCall = z.object({
  callId: z.string(),
  running: z.boolean().describe('The call has not ended'),
  life: z.unknown().describe('Its state now: phase, operations, handoff, media, recording'),
  record: z.unknown().describe('Its record in the database'),
});

export const shownOperation = z.object({
  callId: z.string(),
  operationId: z.string(),
  order: z.string(),
  status: z
    .enum(['asked', 'done', 'failed', 'cancelled', 'unknown'])
    .describe('unknown: it has ended too long ago to be told, or the call ended first'),
  askedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  code: z.string().optional().describe('Why it failed'),
  label: z.string().optional().describe('Which choice was recognised'),
  invitationId: z.string().optional(),
});

const time = (at: number): string => new Date(at).toISOString();

/** How something asked of a call has gone. */
export const showOperation: Door = async (plane, request, client, log) => {
  const { callId = '', operationId = '' } = request.params;
  if (!isCallId(callId) || !isId(operationId)) return noSuchOperation();
  try {
    const [orchestration, asked] = await Promise.all([
      orchestrationOf(client, callId),
      askedBefore(plane.store.documents('sessions'), callId, operationId),
    ]);
    if (!orchestration || !asked) return noSuchOperation();
    const told = standingOf(orchestration).operations.find(({ id }) => id === operationId);
    const jsonBody: z.infer<typeof shownOperation> = {
      callId,
      operationId,
      order: asked.what,
      status: told?.state ?? (orchestration.running ? 'asked' : 'unknown'),
      askedAt: time(asked.at),
      ...(told?.endedAt !== undefined && { endedAt: time(told.endedAt) }),
      ...(told?.code !== undefined && { code: told.code }),
      ...(told?.label !== undefined && { label: told.label }),
      ...(told?.invitationId !== undefined && { invitationId: told.invitationId }),
    };
    return { status: 200, jsonBody };
  } catch (error) {
    log.error('calls-api.failed', { callId, operation: 'show-operation', ...failure(error) });
    return problem(503, 'The operation could not be looked up just now.');
  }
};

const noSuchOperation = () => problem(404, 'Nothing was asked of this call under such an id.');
