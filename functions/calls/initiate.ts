import type { HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { z } from 'zod';
import { name } from '../../contracts/agent.ts';
import { callerHash } from '../../contracts/call-id.ts';
import { live, ringing } from '../../contracts/call-life.ts';
import { type CallOpening, callRecord } from '../../contracts/call-record.ts';
import { CallError } from '../../contracts/error.ts';
import { personAddress } from '../../contracts/handoff.ts';
import { streamingMode } from '../../contracts/media.ts';
import { isTelephone, rawIdOf, reachable } from '../acs/identifier.ts';
import { finalRev } from '../activities/save-record.ts';
import { orchestrationOf } from '../call-message.ts';
import { type DialStart, startRules } from '../call-start.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Door } from '../doors.ts';
import { callMemory } from '../events/call-memory.ts';
import { failure, type Log } from '../log.ts';
import { problem } from '../problem.ts';
import { admissionFor, type Entry } from '../scenarios.ts';
import { unusableKey, usedKey } from './action.ts';
import { fingerprint, idFor, keyOf, noteAsked } from './idempotency.ts';
import { readBody } from './request-body.ts';

/**
 * A call we place, from the request to its orchestration, which rings. Each step may be met again by a client that asks
 * again under its Idempotency-Key, at once or after a crash, and one call is placed.
 */
const telephone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number like +15550100');

export const initiateBody = z.strictObject({
  target: personAddress.describe('A number (E.164), or the raw id of a user: 8:acs:…'),
  mode: streamingMode.optional().describe('Default: the setting ACS_STREAMING_MODE'),
  scenario: name
    .optional()
    .describe('Which agents take part. Default: that of callerId in NUMBER_SCENARIOS, else the setting SCENARIO'),
  agent: name
    .optional()
    .describe('Who speaks first: an agent of the scenario, or one alone. Default: the one the scenario starts with'),
  callerId: telephone.optional().describe('The number the target sees. Default: the setting ACS_SOURCE_NUMBER'),
  context: z
    .record(z.string().regex(/^[A-Za-z][\w.-]{0,63}$/), z.string().max(1_000))
    .refine(facts => Object.keys(facts).length <= 32, 'holds more than 32 facts')
    .optional()
    .describe('Facts the agent knows from the beginning'),
});
type Asked = z.infer<typeof initiateBody>;

export const initiateCall: Door = async (plane, request, client, log) => {
  const read = await readBody(request, initiateBody);
  if ('refusal' in read) return read.refusal;
  const key = keyOf(request);
  return key === null ? unusableKey() : initiate(plane, client, log, read.body, key);
};

/** The same for whoever asks without a request. @param key asked twice under it, one call is placed */
export async function initiate(
  plane: ControlPlane,
  client: DurableClient,
  log: Log,
  asked: Asked,
  key: string | undefined,
): Promise<HttpResponseInit> {
  const { settings, carrier } = plane;
  const callerId = isTelephone(asked.target) ? (asked.callerId ?? settings.ACS_SOURCE_NUMBER) : undefined;
  const impossible = impossibility(asked, callerId);
  if (impossible !== undefined) return problem(422, impossible);
  const entry = await plane.scenarios.asked(asked, callerId);
  if ('unknown' in entry) return problem(422, entry.unknown);

  const callId = idFor(settings.CALL_SECRET, 'outbound', key);
  try {
    if (key !== undefined) {
      const print = fingerprint(settings.CALL_SECRET, 'initiate', asked);
      const note = { what: 'initiate', fingerprint: print, at: Date.now() };
      if ((await noteAsked(plane.store.documents('sessions'), callId, callId, note)) === 'other') return usedKey();
      if (await orchestrationOf(client, callId)) return accepted(callId);
    }
    const busyMs = carrier.busyMs();
    if (busyMs > 0) return problem(429, 'The carrier asks for a pause.', Math.ceil(busyMs / 1000));
    return await place(plane, client, log, openingFor(plane, callId, asked, callerId, entry), {
      target: asked.target,
      callerId,
      context: asked.context ?? {},
    });
  } catch (error) {
    log.error('calls-api.failed', { callId, operation: 'initiate', ...failure(error) });
    return problem(503, 'The call could not be placed just now; ask again under the same Idempotency-Key.');
  }
}

function impossibility({ target }: Asked, callerId: string | undefined): string | undefined {
  if (!reachable(target)) return 'Nobody can be called at an id of this kind.';
  if (isTelephone(target) && callerId === undefined)
    return 'A telephone is rung only from a number of ours: name a callerId, or set ACS_SOURCE_NUMBER.';
  return undefined;
}

/** The one who is called takes the caller's place in the record: by digest, never by number. */
function openingFor(
  { settings }: ControlPlane,
  callId: string,
  asked: Asked,
  callerId: string | undefined,
  entry: Entry,
): CallOpening {
  return {
    callId,
    direction: 'out',
    startedAt: Date.now(),
    callerHash: callerHash(settings.CALL_SECRET, rawIdOf(asked.target)),
    calleeId: callerId === undefined ? 'app' : rawIdOf(callerId),
    ...entry,
    mode: asked.mode ?? settings.ACS_STREAMING_MODE,
    ttlSeconds: settings.RECORD_TTL_DAYS * 86_400,
  };
}

interface Ring {
  target: string;
  callerId: string | undefined;
  context: Readonly<Record<string, string>>;
}

async function place(
  plane: ControlPlane,
  client: DurableClient,
  log: Log,
  opening: CallOpening,
  { target, callerId, context }: Ring,
): Promise<HttpResponseInit> {
  const { callId } = opening;
  const mode = streamingMode.parse(opening.mode);
  const admission = await plane.mediaHost.admit({ ...admissionFor(opening, mode), facts: context });
  if (!admission.admitted) {
    log.warn('call.not-placed', { callId, reason: admission.reason });
    if (isUnknownAgent(admission.error)) return problem(422, 'There is no agent of this name.');
    return admission.reason === 'busy'
      ? problem(429, 'Every place for a call is taken.')
      : problem(503, 'No media host can be reached.');
  }
  await plane.store.create(callRecord(opening, ringing, [], 0));
  const memory = callMemory(plane.store.documents('calls'), callId);
  for (const [name, value] of Object.entries(context)) memory.set(name, value);
  await memory.keep();
  const start: DialStart = {
    opening,
    mode,
    mediaUrl: admission.mediaUrl,
    ...startRules(plane.settings),
    dial: { target, ...(callerId !== undefined && { callerId }) },
  };
  try {
    await begin(client, start);
  } catch (error) {
    const life = live(ringing, { type: 'abandoned', reason: 'not-begun', at: Date.now() });
    await plane.store.save(callRecord(opening, life, [], finalRev));
    throw error;
  }
  log.info('call.asked-for', { callId });
  return accepted(callId);
}

/** Somebody who asks at the same moment may have begun it; it is the same call. */
async function begin(client: DurableClient, start: DialStart): Promise<void> {
  const instanceId = start.opening.callId;
  try {
    await client.startNew('call', { instanceId, input: start });
  } catch (error) {
    if (await orchestrationOf(client, instanceId)) return;
    throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'start' }, { cause: error });
  }
}

/** The media host says 409 to an agent it has no file of. */
const isUnknownAgent = (error: unknown): boolean => error instanceof CallError && error.details['status'] === 409;

function accepted(callId: string): HttpResponseInit {
  return {
    status: 202,
    headers: { location: `/api/v1/calls/${callId}` },
    jsonBody: { callId, status: 'asked' },
  };
}
