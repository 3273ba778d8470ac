import type { On } from './event-handlers.ts';

/**
 * Put your own reactions to events of calls here: any event of functions/acs/acs-event.ts, as many handlers as you like.
 * They run after the house's own, in the order of this file, each once per event; one that throws spoils no other.
 *
 *     on('CallConnected', async ({ event, callId, memory }) => {
 *       const customer = await lookUpCustomer(callId);
 *       memory.set('customerName', customer.name);
 *     });
 *
 * What is set in `memory` is a fact the agent of this call knows from then on. A handler has a minute; the carrier is not
 * kept waiting for it. If the process dies meanwhile it may run again, so let what it changes elsewhere be keyed by
 * `event.id`. Never log what an event holds: numbers, pressed keys and words are the customer's.
 */
export function customHandlers(_on: On): void {
  // None yet.
}
