import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { callIdOf, isCallId, isCallSecret } from '../contracts/call-id.ts';
import { callbackEventOf } from './acs/callback-event.ts';
import { linesOf } from './acs/event-grid.ts';
import { tell } from './call-message.ts';
import type { ControlPlane } from './control-plane.ts';
import { countRefused } from './counters.ts';
import { failure, type Log } from './log.ts';
import { problem } from './problem.ts';

/**
 * Where ACS reports what happens to a call. An event counts when its sender holds ACS's token, came to the address made
 * for this call, and speaks of this call; the token alone would let one call's events end another.
 */
export async function callbacksWebhook(
  plane: ControlPlane,
  request: HttpRequest,
  client: DurableClient,
  log: Log,
): Promise<HttpResponseInit> {
  const { callId = '', secret = '' } = request.params;
  if (!isCallId(callId) || !isCallSecret(plane.settings.CALL_SECRET, 'callbacks', callId, secret)) {
    refuse(plane, log, 'secret');
    return problem(404, 'No call receives its events at this address.');
  }
  const token = await acceptToken(plane, request, log);
  if (token) return token;
  const lines = linesOf(await request.text());
  if (!lines) return problem(400, 'The body is not JSON with one event or an array of events.');

  const done = await Promise.all(lines.map(line => deliver(plane, client, line, callId, log)));
  const count = (result: Delivered['result']) => done.filter(each => each.result === result).length;
  const later = count('later');
  return {
    status: later > 0 ? 503 : 200,
    jsonBody: {
      status: later > 0 ? 'retry' : 'ok',
      processed: count('processed'),
      ignored: count('ignored'),
      refused: count('refused'),
    },
  };
}

/** The response that turns the request away, or undefined when ACS sent it. */
export async function acceptToken(
  plane: ControlPlane,
  request: HttpRequest,
  log: Log,
): Promise<HttpResponseInit | undefined> {
  const verdict = await plane.tokens.check(request.headers.get('authorization'));
  if (verdict.verdict === 'genuine') return undefined;
  if (verdict.verdict === 'refused') {
    refuse(plane, log, `token-${verdict.reason}`);
    return problem(401, 'The token is not one that ACS issued for this resource.');
  }
  log.error('callback.keys-unavailable');
  return problem(503, 'The keys of ACS tokens are out of reach; send this again.');
}

export interface Delivered {
  result: 'processed' | 'ignored' | 'refused' | 'later';
}

/** @param callId the call whose address the event came to; undefined where the address belongs to no call. */
export async function deliver(
  plane: ControlPlane,
  client: DurableClient,
  line: unknown,
  callId: string | undefined,
  log: Log,
): Promise<Delivered> {
  const { callbacks } = plane.counters;
  const event = callbackEventOf(line, Date.now());
  if (event.kind === 'malformed') return refused('malformed');
  if (event.kind === 'unknown') {
    log.warn('callback.unknown-type', { type: event.name, ...(callId !== undefined && { callId }) });
    callbacks.ignored += 1;
    return { result: 'ignored' };
  }
  const about = callIdOf(event.correlationId);
  if (callId !== undefined && about !== callId) return refused('other-call');
  log.info('callback', { callId: about, type: event.name });
  if (!event.life) {
    callbacks.processed += 1;
    return { result: 'processed' };
  }
  try {
    const told = await tell(client, about, { id: event.id, from: 'acs', ...event.life });
    callbacks[told === 'told' ? 'processed' : 'ignored'] += 1;
    return { result: told === 'told' ? 'processed' : 'ignored' };
  } catch (error) {
    log.error('callback.to-be-retried', { callId: about, type: event.name, ...failure(error) });
    return { result: 'later' };
  }

  function refused(reason: string): Delivered {
    refuse(plane, log, reason);
    return { result: 'refused' };
  }
}

function refuse(plane: ControlPlane, log: Log, reason: string): void {
  countRefused(plane.counters, reason);
  log.warn('callback.refused', { reason });
}
