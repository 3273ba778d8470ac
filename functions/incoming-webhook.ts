import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { callIdOf } from '../contracts/call-id.ts';
import { callbackEventTypes } from './acs/callback-event.ts';
import {
  type GridEvent,
  gridEventOf,
  handshakeHeaders,
  incomingCallOf,
  incomingCallType,
  linesOf,
  validationCode,
} from './acs/event-grid.ts';
import { acceptToken, deliver } from './call-events.ts';
import type { ControlPlane } from './control-plane.ts';
import { takeRing } from './incoming-call.ts';
import { failure, type Log } from './log.ts';
import { problem } from './problem.ts';

/**
 * Where Event Grid delivers rings. It drops an event for good on 400, 401, 403 and 413, so those say "never send this
 * again" and nothing else; 503 says "come again", and the events of the batch that went well are harmless then.
 */
type Done = 'processed' | 'ignored' | 'failed' | 'later';

const longestBody = 1_500_000;

export async function incomingWebhook(
  plane: ControlPlane,
  request: HttpRequest,
  client: DurableClient,
  log: Log,
): Promise<HttpResponseInit> {
  if (request.method === 'OPTIONS') {
    const headers = handshakeHeaders(
      request.headers.get('webhook-request-origin'),
      request.headers.get('webhook-request-rate'),
    );
    return { status: 200, headers };
  }
  const body = await request.text();
  if (body.length > longestBody) return problem(413, 'The delivery is larger than Event Grid sends.');
  const lines = linesOf(body);
  if (!lines) return problem(400, 'The body is not JSON with one event or an array of events.');

  const events = lines.map(gridEventOf);
  const code = events.map(event => event && validationCode(event)).find(found => found !== undefined);
  if (code !== undefined) {
    log.info('subscription.validated');
    return { status: 200, jsonBody: { validationResponse: code } };
  }

  // Call events may come to this address too; those need ACS's token, and rings must not suffer when it is missing.
  const refusal = events.some(isFromAcs) ? await acceptToken(plane, request, log) : undefined;
  if (refusal && !events.some(isRing)) return refusal;
  const done = await Promise.all(
    events.map((event, i): Promise<Done> | Done =>
      refusal && isFromAcs(event) ? 'failed' : one(plane, client, event, lines[i], log),
    ),
  );
  const count = (what: Done) => done.filter(each => each === what).length;
  const later = count('later');
  return {
    status: later > 0 ? 503 : 200,
    jsonBody: {
      status: later > 0 ? 'retry' : 'ok',
      processed: count('processed'),
      ignored: count('ignored'),
      failed: count('failed') + later,
    },
  };
}

const isRing = (event: GridEvent | undefined): boolean => event?.type === incomingCallType;
const isFromAcs = (event: GridEvent | undefined): boolean => event !== undefined && callbackEventTypes.has(event.type);

async function one(
  plane: ControlPlane,
  client: DurableClient,
  event: GridEvent | undefined,
  line: unknown,
  log: Log,
): Promise<Done> {
  if (!event) {
    log.warn('event.malformed');
    return 'failed';
  }
  try {
    if (isRing(event)) return await ring(plane, client, event, log);
    const { result } = await deliver(plane, client, line, undefined, log);
    return result === 'refused' ? 'failed' : result;
  } catch (error) {
    log.error('event.to-be-retried', { type: event.type, ...failure(error) });
    return 'later';
  }
}

async function ring(plane: ControlPlane, client: DurableClient, event: GridEvent, log: Log): Promise<Done> {
  const begun = Date.now();
  const call = incomingCallOf(event);
  if (!call) {
    log.warn('event.malformed', { type: event.type });
    return 'failed';
  }
  const outcome = await takeRing(plane, client, call, log);
  log.info('call.rang', { callId: callIdOf(call.correlationId), status: outcome, ms: Date.now() - begun });
  return outcome === 'duplicate' || outcome === 'not-ours' ? 'ignored' : 'processed';
}
