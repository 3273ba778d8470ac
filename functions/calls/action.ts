import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import type { z } from 'zod';
import { isCallId } from '../../contracts/call-id.ts';
import { type CallMessage, orchestrationOf, tell } from '../call-message.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Door } from '../doors.ts';
import { failure, type Log } from '../log.ts';
import { problem } from '../problem.ts';
import type { ControlSettings } from '../settings.ts';
import { askedBefore, fingerprint, idFor, keyOf, noteAsked } from './idempotency.ts';
import { readBody } from './request-body.ts';
import { type Standing, standingOf } from './standing.ts';

/**
 * Something people ask of a live call. Nothing is done here: the call's orchestration is told, under an id by which the
 * asker can follow it, and it alone decides.
 */
export interface Action<Body extends z.ZodType> {
  name: string;
  body: Body;
  /** `running`: as long as the call has not ended; `connected`: only while people hear each other. */
  while: 'running' | 'connected';
  /** Whose part it is. @default carrier */
  of?: 'carrier' | 'conversation';
  /** What the orchestration is told, or why the call as it stands cannot do it. */
  wanted(body: z.output<Body>, about: About): Wanted | Impossible;
}

export interface About {
  standing: Standing;
  settings: ControlSettings;
  params: Readonly<Record<string, string>>;
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Wanted = Without<CallMessage, 'id' | 'from' | 'at'>;
export interface Impossible {
  impossible: string;
  /** 400: it is not understood; 409: not now; @default 422 */
  status?: 400 | 409;
}

/** Orders of one call that may wait at once; whoever asks for more is told to come later. */
const mostWaiting = 16;

/** Between noting what was asked and telling it a process can die; whoever asks again within this time has it told again. */
const retellMs = 60_000;

export function actionDoor<Body extends z.ZodType>(action: Action<Body>): Door {
  return async (plane, request, client, log) => {
    const { callId = '' } = request.params;
    if (!isCallId(callId)) return noSuchCall();
    const read = await readBody(request, action.body);
    if ('refusal' in read) return read.refusal;
    try {
      return await ask(plane, client, request, { action, callId, body: read.body, log });
    } catch (error) {
      log.error('calls-api.failed', { callId, operation: action.name, ...failure(error) });
      return problem(503, 'The call could not be reached just now.');
    }
  };
}

async function ask<Body extends z.ZodType>(
  plane: ControlPlane,
  client: DurableClient,
  request: HttpRequest,
  { action, callId, body, log }: { action: Action<Body>; callId: string; body: z.output<Body>; log: Log },
): Promise<HttpResponseInit> {
  const { settings, carrier, store } = plane;
  const key = keyOf(request);
  if (key === null) return unusableKey();
  const orchestration = await orchestrationOf(client, callId);
  if (!orchestration) return noSuchCall();

  const { params } = request;
  const standing = standingOf(orchestration);
  const wanted = action.wanted(body, { standing, settings, params });
  const documents = store.documents('sessions');
  const id = idFor(settings.CALL_SECRET, `operation:${callId}`, key);
  const print = fingerprint(settings.CALL_SECRET, action.name, [body, params['who'] ?? null]);

  const earlier = key === undefined ? undefined : await askedBefore(documents, callId, id);
  if (earlier) {
    if (earlier.fingerprint !== print) return usedKey();
    const maybeUntold = Date.now() - earlier.at < retellMs && orchestration.running;
    if (maybeUntold && !('impossible' in wanted))
      await tell(client, callId, { ...wanted, id, from: 'us', at: earlier.at });
    // Whoever asks again gets the answer of then, whatever has become of the call since.
    return accepted(callId, id);
  }

  const busyMs = action.of === 'conversation' ? 0 : carrier.busyMs();
  const obstacle = obstacleTo(action.while, standing, wanted, busyMs);
  if (obstacle) return obstacle;
  const at = Date.now();
  const note = { what: action.name, fingerprint: print, at };
  if ((await noted(() => noteAsked(documents, callId, id, note), key, log)) === 'other') return usedKey();
  const told = await tell(client, callId, { ...(wanted as Wanted), id, from: 'us', at });
  return told === 'told' ? accepted(callId, id) : problem(409, 'The call has ended.');
}

/** People on the phone must not suffer for a database that is away; only a promise to do it once needs the note. */
async function noted<T>(note: () => Promise<T>, key: string | undefined, log: Log): Promise<T | 'unnoted'> {
  try {
    return await note();
  } catch (error) {
    if (key !== undefined) throw error;
    log.warn('calls-api.unnoted', failure(error));
    return 'unnoted';
  }
}

function obstacleTo(
  needed: 'running' | 'connected',
  standing: Standing,
  wanted: Wanted | Impossible,
  busyMs: number,
): HttpResponseInit | undefined {
  if (standing.phase === 'ended') return problem(409, 'The call has ended.');
  if (needed === 'connected' && standing.ending) return problem(409, 'The call is being ended.');
  if (needed === 'connected' && standing.phase !== 'connected') return problem(409, 'The call is not connected yet.');
  if ('impossible' in wanted) return problem(wanted.status ?? 422, wanted.impossible);
  if (needed === 'running') return undefined;
  if (busyMs > 0) return problem(429, 'The carrier asks for a pause.', Math.ceil(busyMs / 1000));
  const waiting = standing.operations.filter(({ state }) => state === 'asked').length;
  return waiting < mostWaiting ? undefined : problem(429, `${waiting} orders of this call are still under way.`, 2);
}

function accepted(callId: string, operationId: string): HttpResponseInit {
  return {
    status: 202,
    headers: { location: `/api/v1/calls/${callId}/operations/${operationId}` },
    jsonBody: { callId, operationId, status: 'asked' },
  };
}

export const noSuchCall = (): HttpResponseInit => problem(404, 'There is no such call.');
export const unusableKey = (): HttpResponseInit =>
  problem(400, 'Idempotency-Key must be 8 to 128 letters, digits, dots, colons, dashes or underscores.');
export const usedKey = (): HttpResponseInit =>
  problem(422, 'This Idempotency-Key was used for something else. Take a new one for each thing you ask.');
