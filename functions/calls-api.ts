import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { z } from 'zod';
import { isCallId } from '../contracts/call-id.ts';
import { orchestrationOf, tell } from './call-message.ts';
import type { ControlPlane } from './control-plane.ts';
import { failure, type Log } from './log.ts';
import { problem } from './problem.ts';

/** The calls as other programs see and steer them. */

/** How the call stands: its live state from the orchestration, its record from the store. */
export async function showCall(
  plane: ControlPlane,
  request: HttpRequest,
  client: DurableClient,
  log: Log,
): Promise<HttpResponseInit> {
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
}

const hangUpBody = z.strictObject({
  reason: z
    .string()
    .regex(/^[\w .:-]{1,80}$/)
    .default('asked'),
  by: z.enum(['agent', 'system']).default('agent'),
});

/** Asks the call's orchestration to end it; the call is over when its state says so. */
export async function hangUpCall(
  _plane: ControlPlane,
  request: HttpRequest,
  client: DurableClient,
  log: Log,
): Promise<HttpResponseInit> {
  const { callId = '' } = request.params;
  if (!isCallId(callId)) return noSuchCall();
  const body = hangUpBody.safeParse(jsonOf(await request.text()));
  if (!body.success)
    return problem(400, 'Send {"reason"?: up to 80 letters, digits, dots, dashes; "by"?: "agent" or "system"}.');
  try {
    const orchestration = await orchestrationOf(client, callId);
    if (!orchestration) return noSuchCall();
    if (!orchestration.running) return problem(409, 'The call has ended.');
    const at = Date.now();
    await tell(client, callId, { id: `hang-up:${at}`, from: 'us', type: 'hang-up-asked', ...body.data, at });
    return { status: 202, jsonBody: { callId, status: 'hang-up-asked' } };
  } catch (error) {
    log.error('calls-api.failed', { callId, operation: 'hang-up', ...failure(error) });
    return problem(503, 'The call could not be reached just now.');
  }
}

function noSuchCall(): HttpResponseInit {
  return problem(404, 'There is no such call.');
}

/** An empty body asks for nothing special; what is no JSON becomes something no schema takes. */
function jsonOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
