import { createHash } from 'node:crypto';
import type { DurableClient } from 'durable-functions';
import { noteFact } from '../../agents/built-in/call-back.ts';
import type { CallOpening } from '../../contracts/call-record.ts';
import { isTelephone, numberOf, reachable } from '../acs/identifier.ts';
import { beginOnce } from '../begin-once.ts';
import { type CallInput, inputOf } from '../call-control/continued.ts';
import type { CallStart } from '../call-start.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { CallBackStart } from './call-back.orchestrator.ts';

/**
 * Promises a call back. Whom to ring is read from the input of the call's own orchestration, the one place that has the
 * caller's number, and goes from there into the input of another: no document and no log ever holds it.
 */
interface Promised {
  callId: string;
  key: string;
  /** Epoch milliseconds. */
  at: number;
  facts: Readonly<Record<string, string>>;
}

export async function beginCallBack(
  { callBacks }: Pick<ControlPlane, 'callBacks'>,
  client: DurableClient,
  { callId, key, at, facts }: Promised,
): Promise<'no-number' | undefined> {
  const { input } = await client.getStatus(callId, { showInput: true });
  const { start } = inputOf(input as CallInput, at);
  const target = whomToRing(start);
  if (target === undefined || !reachable(target)) return 'no-number';
  const id = `call-back-${callId}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
  const { scenario, entryAgent, calleeId } = start.opening;
  const callerId = numberShown(start, calleeId);
  const ring: CallBackStart = {
    ...{ id, callId, at, target },
    ...(callerId !== undefined && isTelephone(target) && { callerId }),
    ...(scenario === undefined ? { agent: entryAgent } : { scenario }),
    ...(facts[noteFact] !== undefined && { note: facts[noteFact] }),
  };
  const promised = { id, callId, at: new Date(at).toISOString(), ...(scenario !== undefined && { scenario }) };
  await callBacks.promise(promised, Date.now());
  await beginOnce(client, 'call-back', id, ring);
  return undefined;
}

const whomToRing = (start: CallStart): string | undefined => ('dial' in start ? start.dial.target : start.caller);

/** Callers see the number that they rang. */
function numberShown(start: CallStart, calleeId: CallOpening['calleeId']): string | undefined {
  if ('dial' in start) return start.dial.callerId;
  return isTelephone(calleeId) ? numberOf(calleeId) : undefined;
}
