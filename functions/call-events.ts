import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { isCallId, isCallSecret } from '../contracts/call-id.ts';
import { tell } from './call-message.ts';
import type { ControlPlane } from './control-plane.ts';
import { countRefused } from './counters.ts';
import { deliveredLines } from './delivered-lines.ts';
import { type Delivery, type Processed, processEvents } from './events/process-events.ts';
import type { Log } from './log.ts';
import { problem } from './problem.ts';

/**
 * Where ACS reports what happens to a call. An event counts when its sender holds ACS's token, came to the address made
 * for this call, and speaks of this call; the token alone would let one call's events end another.
 */

/** Bytes: the participants of the largest call ACS knows, three times. */
const longestBody = 300_000;

export async function callbacksWebhook(
  plane: ControlPlane,
  request: HttpRequest,
  client: DurableClient,
  log: Log,
): Promise<HttpResponseInit> {
  const { callId = '', secret = '' } = request.params;
  const provenBy = addressOf(plane, callId, secret);
  if (!provenBy) {
    refuse(plane, log, 'secret');
    return problem(404, 'No call receives its events at this address.');
  }
  const token = await acceptToken(plane, request, log);
  if (token) return token;
  const body = await deliveredLines(request, longestBody);
  if ('refusal' in body) return body.refusal;
  const done = await processEvents(body.lines, plane.events, { ...deliveryOf(client, log), callId, provenBy });
  return { status: isToComeAgain(done) ? 503 : 200, jsonBody: summaryOf(done) };
}

/** What shows that an event is this call's, or undefined when this is no call's address. */
function addressOf({ settings }: ControlPlane, callId: string, secret: string): Delivery['provenBy'] | undefined {
  if (!isCallId(callId)) return undefined;
  if (isCallSecret(settings.CALL_SECRET, 'callbacks', callId, secret)) return 'correlation';
  return isCallSecret(settings.CALL_SECRET, 'callbacks-out', callId, secret) ? 'address' : undefined;
}

/** Events of calls that came to an address of no call. */
export function deliveryOf(client: DurableClient, log: Log): Delivery {
  return { provenBy: 'correlation', tell: (callId, message) => tell(client, callId, message), now: Date.now(), log };
}

export function isToComeAgain({ results }: Processed): boolean {
  return results.some(({ outcome }) => outcome === 'retry');
}

/** What the sender is told. */
export function summaryOf(done: Processed): Record<string, string | number> {
  const { processed, ignored, failed } = done;
  return { status: isToComeAgain(done) ? 'retry' : 'ok', processed, ignored, failed };
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

function refuse(plane: ControlPlane, log: Log, reason: string): void {
  countRefused(plane.counters, reason);
  log.warn('callback.refused', { reason });
}
