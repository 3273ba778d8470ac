import { callIdOf } from '../contracts/call-id.ts';
import { type Caller, type CallerEvent, dial, waitForRing } from '../emulators/caller/caller.ts';
import { converse, type Step } from '../emulators/caller/conversation.ts';
import { type CallReport, callReport } from './call-report.ts';
import type { RecordStore } from './record-store.ts';
import { readWrittenCall } from './written-call.ts';

/** One call to the running system, from dialling to its record. */
export interface PhoneCall {
  /** Of the ACS stand-in. */
  acsUrl: string;
  store: RecordStore;
  steps: readonly Step[];
  from?: string | undefined;
  to?: string | undefined;
  /** The system is to call this number, which we then answer. */
  outbound?: Outbound | undefined;
  /** Silence of the agent after which its reply is over, in ms. @default 1200 */
  replyGapMs?: number;
  onEvent?: (event: CallerEvent) => void;
  signal?: AbortSignal;
  /** How long the final record may take after the end. @default 5000 */
  recordWithinMs?: number;
}

/** Where and how the system is asked to place a call. */
export interface Outbound {
  number: string;
  /** Of the functions, with the key that opens them. */
  functionsUrl: string;
  hostKey: string;
  mode: string;
  /** @default what the system's settings say */
  scenario?: string | undefined;
}

/** @throws Error when the phone is not answered or the agent does not answer in time. */
export async function placeCall(call: PhoneCall): Promise<CallReport> {
  const { acsUrl, store, steps, from, to, outbound, replyGapMs, onEvent, signal, recordWithinMs } = call;
  const phone = { line: acsUrl.replace(/^http/, 'ws'), ...(onEvent && { onEvent }), ...(signal && { signal }) };
  let callId: string;
  let caller: Caller;
  if (outbound) ({ callId, caller } = await beCalled(phone, outbound));
  else {
    caller = await dial({ ...phone, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
    callId = callIdOf(caller.correlationId);
  }
  const told = await converse(caller, { steps, ...(replyGapMs !== undefined && { replyGapMs }) });
  return callReport(callId, told, await readWrittenCall(store, callId, recordWithinMs));
}

/** Asks the system for a call to our number, and answers it. */
async function beCalled(phone: { line: string }, outbound: Outbound): Promise<{ callId: string; caller: Caller }> {
  const { number, functionsUrl, hostKey, mode, scenario } = outbound;
  const registered = Promise.withResolvers<void>();
  const ringing = waitForRing({ ...phone, number, onRegistered: registered.resolve });
  await Promise.race([registered.promise, ringing]);
  const asking = fetch(`${functionsUrl}/api/v1/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-functions-key': hostKey },
    body: JSON.stringify({ target: number, mode, scenario }),
  });
  const [reply, caller] = await Promise.all([asking.then(told), ringing]);
  await caller.answer();
  return { callId: reply.callId, caller };
}

async function told(reply: Response): Promise<{ callId: string }> {
  const body = (await reply.json()) as { callId?: string; detail?: string };
  if (reply.status !== 202 || body.callId === undefined)
    throw new Error(`The system did not place the call (${reply.status}): ${body.detail ?? 'it said nothing more'}`);
  return { callId: body.callId };
}
