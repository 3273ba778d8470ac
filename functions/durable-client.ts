import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';

/**
 * The client of Durable Functions, made once a minute and not once a request: making one costs as much as a short
 * request does, and what it is made from (addresses and a key of this very host) changes hardly ever.
 */
export const durableClientInput = df.input.durableClient();

const freshForMs = 60_000;
let kept: { client: df.DurableClient; until: number } | undefined;

/** @param now epoch milliseconds. */
export function durableClient(context: InvocationContext, now: number): df.DurableClient {
  if (!kept || now >= kept.until) kept = { client: df.getClient(context), until: now + freshForMs };
  return kept.client;
}
