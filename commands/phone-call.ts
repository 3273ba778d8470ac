import { callIdOf } from '../contracts/call-id.ts';
import { type CallerEvent, dial } from '../emulators/caller/caller.ts';
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
  onEvent?: (event: CallerEvent) => void;
  signal?: AbortSignal;
  /** How long the final record may take after the end. @default 5000 */
  recordWithinMs?: number;
}

/** @throws Error when the phone is not answered or the agent does not answer in time. */
export async function placeCall(call: PhoneCall): Promise<CallReport> {
  const { acsUrl, store, steps, from, to, onEvent, signal, recordWithinMs } = call;
  const caller = await dial({
    line: acsUrl.replace(/^http/, 'ws'),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(onEvent && { onEvent }),
    ...(signal && { signal }),
  });
  const told = await converse(caller, { steps });
  const callId = callIdOf(caller.correlationId);
  return callReport(callId, told, await readWrittenCall(store, callId, recordWithinMs));
}
