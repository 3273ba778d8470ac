import type { RegisteredFunction } from '../core-module.ts';
import { answerEmpty, answerJson, type Exchange, readBody } from '../http/exchange.ts';
import type { Invoker } from '../invocation.ts';

/*
 * The Event Grid webhook of the host: validation handshake, then one invocation per event. Any failure answers 500, so
 * that Event Grid delivers the batch again.
 */

export async function serveEventGrid(
  exchange: Exchange,
  functions: readonly RegisteredFunction[],
  invoker: Invoker,
): Promise<void> {
  const { request, response, url, method } = exchange;
  const name = url.searchParams.get('functionName')?.toLowerCase();
  const fn = functions.find(known => known.metadata.name.toLowerCase() === name);
  if (!fn) return answerEmpty(response, 404);
  if (method === 'OPTIONS') {
    const origin = String(request.headers['webhook-request-origin'] ?? '*');
    response.writeHead(200, { 'WebHook-Allowed-Origin': origin, 'WebHook-Allowed-Rate': '*', 'content-length': 0 });
    response.end();
    return;
  }
  if (method !== 'POST') return answerEmpty(response, 404);
  const events = parseEvents(await readBody(request));
  if (!events) return answerJson(response, 400, 'The body must be one JSON event or an array of events.');
  switch (String(request.headers['aeg-event-type'] ?? 'Notification').toLowerCase()) {
    case 'subscriptionvalidation': {
      const data = events[0]?.['data'] as { validationCode?: string } | undefined;
      return answerJson(response, 200, { validationResponse: data?.validationCode });
    }
    case 'unsubscribe':
      return answerEmpty(response, 202);
    case 'notification': {
      const results = await Promise.all(events.map(event => deliver(invoker, fn, event)));
      return answerEmpty(response, results.every(result => result.ok) ? 202 : 500);
    }
    default:
      return answerEmpty(response, 400);
  }
}

function deliver(
  invoker: Invoker,
  fn: RegisteredFunction,
  event: Record<string, unknown>,
): ReturnType<Invoker['invoke']> {
  const trigger = { json: JSON.stringify(event) };
  return invoker.invoke(fn, { trigger, triggerMetadata: { data: { json: JSON.stringify(event['data'] ?? null) } } });
}

function parseEvents(body: Buffer): Record<string, unknown>[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const events = Array.isArray(parsed) ? parsed : [parsed];
    return events.every(event => typeof event === 'object' && event !== null) ? events : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
