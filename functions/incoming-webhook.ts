import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { callIdOf } from '../contracts/call-id.ts';
import { isAcsEventType } from './acs/acs-event.ts';
import {
  type GridEvent,
  gridEventOf,
  handshakeHeaders,
  incomingCallOf,
  incomingCallType,
  validationCode,
} from './acs/event-grid.ts';
import { acceptToken, deliveryOf, isToComeAgain } from './call-events.ts';
import type { ControlPlane } from './control-plane.ts';
import { deliveredLines } from './delivered-lines.ts';
import { deliveryReportType, noteDelivery } from './email/delivery-report.ts';
import { processEvents } from './events/process-events.ts';
import { takeRing } from './incoming-call.ts';
import { failure, type Log } from './log.ts';

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
  const body = await deliveredLines(request, longestBody);
  if ('refusal' in body) return body.refusal;
  const { lines } = body;

  const events = lines.map(gridEventOf);
  const code = events.map(event => event && validationCode(event)).find(found => found !== undefined);
  if (code !== undefined) {
    log.info('subscription.validated');
    return { status: 200, jsonBody: { validationResponse: code } };
  }

  // Call events may come to this address too; those need ACS's token, and rings must not suffer when it is missing.
  const refusal = events.some(isFromAcs) ? await acceptToken(plane, request, log) : undefined;
  if (refusal && !events.some(event => isRing(event) || isReport(event))) return refusal;
  const isOfCall = (event: GridEvent | undefined) =>
    event && !isRing(event) && !isReport(event) && !(refusal && isFromAcs(event));
  const ofCalls = lines.filter((_, i) => isOfCall(events[i]));
  const [rung, called] = await Promise.all([
    Promise.all([
      ...events.filter(isRing).map(event => once(event, log, () => ring(plane, client, event, log))),
      ...events.filter(isReport).map(event => once(event, log, () => reported(plane, event))),
    ]),
    processEvents(ofCalls, plane.events, deliveryOf(client, log)),
  ]);
  const malformed = events.filter(event => !event).length;
  if (malformed > 0) log.warn('event.malformed', { count: malformed });
  const count = (what: Done) => rung.filter(each => each === what).length;
  const processed = count('processed') + called.processed;
  const ignored = count('ignored') + called.ignored;
  const later = count('later') > 0 || isToComeAgain(called);
  return {
    status: later ? 503 : 200,
    jsonBody: { status: later ? 'retry' : 'ok', processed, ignored, failed: lines.length - processed - ignored },
  };
}

const isRing = (event: GridEvent | undefined): event is GridEvent => event?.type === incomingCallType;
const isFromAcs = (event: GridEvent | undefined): boolean => event !== undefined && isAcsEventType(event.type);

const isReport = (event: GridEvent | undefined): event is GridEvent => event?.type === deliveryReportType;
const reported = (plane: ControlPlane, event: GridEvent) =>
  noteDelivery(plane.store.documents('calls'), event, Date.now());

async function once(event: GridEvent, log: Log, take: () => Promise<Done>): Promise<Done> {
  try {
    return await take();
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
