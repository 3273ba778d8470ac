import type { DurableClient } from 'durable-functions';
import { callerHash, callIdOf } from '../contracts/call-id.ts';
import { live, ringing } from '../contracts/call-life.ts';
import { type CallOpening, callRecord } from '../contracts/call-record.ts';
import { CallError } from '../contracts/error.ts';
import { streamingMode } from '../contracts/media.ts';
import { type IncomingCall, isAmong, isAnonymous } from './acs/event-grid.ts';
import { answerCall } from './activities/answer.ts';
import { finalRev } from './activities/save-record.ts';
import { orchestrationOf, tell } from './call-message.ts';
import { type RingStart, startRules } from './call-start.ts';
import type { ControlPlane } from './control-plane.ts';
import { watchHosts } from './hosts/watch.ts';
import { failure, type Log } from './log.ts';
import { overflow } from './overflow.ts';
import { admissionFor } from './scenarios.ts';
import { openingOf } from './store.ts';

/**
 * One ring, from its event to an answered call: gate, policy, a place on a media host, orchestration, answer. Every step
 * may be met again by a redelivery, at the same instant or after a crash, and the ring is still answered once.
 */
export type RingOutcome = 'answered' | 'rejected' | 'redirected' | 'duplicate' | 'not-ours';

/** Whoever opened the gate has this long until the orchestration stands; after it, a redelivery takes over. */
const gateGraceMs = 3_000;

/** @throws CallError when a dependency is away and the event should be delivered again. */
export async function takeRing(
  plane: ControlPlane,
  client: DurableClient,
  call: IncomingCall,
  log: Log,
): Promise<RingOutcome> {
  const { settings, counters } = plane;
  const { ANSWERED_NUMBERS } = settings;
  if (ANSWERED_NUMBERS.length > 0 && !isAmong(call.to, ANSWERED_NUMBERS)) return 'not-ours';

  const opening = await passGate(plane, client, await openingFor(plane, call));
  if (!opening) {
    counters.duplicates += 1;
    return 'duplicate';
  }

  if (settings.INCOMING_POLICY === 'reject' || isAmong(call.from, settings.BLOCKED_CALLERS))
    return turnAway(plane, call, opening, 'rejected-by-policy', log);

  const mode = streamingMode.parse(opening.mode);
  const admission = await plane.mediaHost.admit(admissionFor(opening, mode));
  if (!admission.admitted) {
    const { callId } = opening;
    if (admission.error !== undefined) log.error('admission.failed', { callId, ...failure(admission.error) });
    return turnAway(plane, call, opening, admission.reason, log);
  }

  const start: RingStart = {
    opening,
    mode,
    incomingCallContext: call.incomingCallContext,
    mediaUrl: admission.mediaUrl,
    ...(!isAnonymous(call.from) && { caller: call.from.phoneNumber?.value ?? call.from.rawId }),
    ...startRules(settings),
  };
  if ((await begin(client, start)) === 'exists') {
    counters.duplicates += 1;
    return 'duplicate';
  }
  await Promise.all([answerNow(plane, client, start, log), watchHosts(plane, client, log)]);
  return 'answered';
}

async function openingFor({ settings, scenarios }: ControlPlane, call: IncomingCall): Promise<CallOpening> {
  const callId = callIdOf(call.correlationId);
  const caller = isAnonymous(call.from) ? `${call.from.rawId}:${callId}` : call.from.rawId;
  return {
    callId,
    direction: 'in',
    startedAt: Date.now(),
    callerHash: callerHash(settings.CALL_SECRET, caller),
    calleeId: call.to.rawId,
    ...(await scenarios.ofNumber(call.to)),
    mode: settings.ACS_STREAMING_MODE,
    ttlSeconds: settings.RECORD_TTL_DAYS * 86_400,
  };
}

/** The opening to go on with, or undefined when this ring is somebody else's. */
async function passGate(
  { store, counters }: ControlPlane,
  client: DurableClient,
  opening: CallOpening,
): Promise<CallOpening | undefined> {
  if ((await store.create(callRecord(opening, ringing, [], 0))) === 'created') return opening;
  const stored = await store.read(opening.callId);
  if (stored?.state !== 'live') return undefined;
  const first = openingOf(stored);
  if (Date.now() - first.startedAt < gateGraceMs) return undefined;
  if (await orchestrationOf(client, opening.callId)) return undefined;
  counters.takenOver += 1;
  return first;
}

async function turnAway(
  { carrier, store, counters, settings }: ControlPlane,
  { incomingCallContext }: IncomingCall,
  opening: CallOpening,
  why: 'rejected-by-policy' | 'busy' | 'media-host-unreachable',
  log: Log,
): Promise<RingOutcome> {
  const { callId } = opening;
  let redirected = false;
  if (why === 'rejected-by-policy') await carrier.reject(incomingCallContext, 'forbidden');
  else redirected = (await overflow(carrier, settings, { callId, incomingCallContext }, log)) === 'redirected';
  const reason = redirected ? `redirected-${why}` : why;
  const life = live(ringing, { type: 'abandoned', reason, at: Date.now() });
  await store.save(callRecord(opening, life, [], finalRev));
  counters[redirected ? 'redirected' : 'rejected'] += 1;
  log.info('call.turned-away', { callId, reason });
  return redirected ? 'redirected' : 'rejected';
}

async function begin(client: DurableClient, start: RingStart): Promise<'begun' | 'exists'> {
  const instanceId = start.opening.callId;
  try {
    await client.startNew('call', { instanceId, input: start });
    return 'begun';
  } catch (error) {
    // The reply to a taken id differs between backends; that the orchestration is there does not.
    if (await orchestrationOf(client, instanceId)) return 'exists';
    throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'start' }, { cause: error });
  }
}

/** The orchestration stands: whatever fails from here on, it answers or ends the call itself. */
async function answerNow(plane: ControlPlane, client: DurableClient, start: RingStart, log: Log): Promise<void> {
  const { callId } = start.opening;
  try {
    const message = await answerCall(plane.carrier, start, Date.now);
    await tell(client, callId, message);
    if (message.type === 'answered') plane.counters.answered += 1;
    log.info(`call.${message.type}`, { callId });
  } catch (error) {
    log.warn('call.answer-left-to-orchestration', { callId, ...failure(error) });
  }
}
