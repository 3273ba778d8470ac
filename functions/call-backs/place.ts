import type { DurableClient } from 'durable-functions';
import { noteFact } from '../../agents/built-in/call-back.ts';
import { callerHash } from '../../contracts/call-id.ts';
import { longestFact } from '../../contracts/caller-memory.ts';
import { CallError } from '../../contracts/error.ts';
import { rawIdOf } from '../acs/identifier.ts';
import { isSecret } from '../callers/left-by-call.ts';
import { initiate } from '../calls/initiate.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Log } from '../log.ts';
import type { CallBackStart } from './call-back.orchestrator.ts';

export type Placed = { state: 'placed'; callId: string } | { state: 'refused' };

/**
 * Places one try of a call back, as anybody places a call. What the caller said it is about goes to what is remembered of
 * them: from there it reaches the model as words of theirs, and never a prompt. Run again, it is the same call.
 * @throws CallError when trying again can help
 */
export async function placeCallBack(
  plane: ControlPlane,
  client: DurableClient,
  start: CallBackStart & { number: number },
  log: Log,
): Promise<Placed> {
  const { id, callId, at, target, callerId, scenario, agent, note } = start;
  const { settings, memories } = plane;
  if (note !== undefined && settings.CALLER_MEMORY_HOURS > 0 && !isSecret({ name: noteFact, value: note })) {
    const fact = { value: note.slice(0, longestFact), at, callId };
    await memories.add(callerHash(settings.CALL_SECRET, rawIdOf(target)), { facts: { [noteFact]: fact }, calls: [] });
  }
  const asked = {
    target,
    ...(callerId !== undefined && { callerId }),
    ...(scenario !== undefined && { scenario }),
    ...(agent !== undefined && { agent }),
  };
  const { status, jsonBody } = await initiate(plane, client, log, asked, `${id}:${start.number}`);
  if (status === 202) return { state: 'placed', callId: (jsonBody as { callId: string }).callId };
  if (status === 429 || status === 503) throw new CallError('CALL_BACK_NOT_PLACED', { status });
  log.warn('call-back.refused', { callId, ...(status !== undefined && { status }) });
  return { state: 'refused' };
}
