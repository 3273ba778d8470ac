/** What tests do to the stand-in beside using it: raise calls, repeat events, inject, drop, speak, start over. */
import type { EndedBy, Exchange } from './exchange.ts';
import type { AcsFaults } from './faults.ts';
import { defaultFaults } from './faults.ts';
import { identifierOf } from './identifiers.ts';
import type { Leg } from './leg.ts';
import { mergeFaults } from './merge-faults.ts';
import { conversationEnded, endedByApp, endedByPstnCaller, endedByService } from './results.ts';
import { openRing } from './ring.ts';

export interface IncomingOptions {
  calls: { from: string; to: string; correlationId?: string }[];
  /** Deliveries of each event. @default 1 */
  copies?: number;
  /** All at the same moment, instead of 50 ms apart. @default false */
  atOnce?: boolean;
  /** All events in one request. @default false */
  asBatch?: boolean;
}

/** Raises IncomingCall events without a phone. @returns their correlation ids. */
export function raiseIncoming(exchange: Exchange, options: IncomingOptions): string[] {
  const { calls, copies = 1, atOnce = false, asBatch = false } = options;
  const rings = calls.map(call =>
    openRing(exchange, {
      from: identifierOf(call.from),
      to: identifierOf(call.to),
      conversation: exchange.newConversation(call.correlationId),
    }),
  );
  const events = rings.map(ring => ring.event);
  for (let copy = 0; copy < copies; copy++) {
    if (asBatch || atOnce)
      exchange.alarms.after(atOnce ? 0 : copy * 50, () => exchange.grid.deliver(events, { asBatch }));
    else {
      events.forEach((event, at) => {
        exchange.alarms.after((copy * events.length + at) * 50, () => exchange.grid.deliver([event]));
      });
    }
  }
  return rings.map(ring => ring.setup.conversation.correlationId);
}

/** Ends a call from outside, as its caller, the app or the service would. */
export function dropCall(exchange: Exchange, leg: Leg, by: EndedBy): void {
  const isPstn = leg.conversation.people[0]?.identifier.kind === 'phoneNumber';
  const byCaller = isPstn ? endedByPstnCaller : conversationEnded;
  const result = { caller: byCaller, app: endedByApp, service: endedByService }[by];
  exchange.endConversation(leg.conversation, by, result, conversationEnded, leg);
}

/** Somebody on the call says `text`: a pending recognition and a running transcription hear it. */
export function speak(leg: Leg, text: string, rawId?: string): void {
  leg.operations.speech(text);
  leg.transcription?.hear(rawId ?? leg.conversation.people[0]?.identifier.rawId ?? '', text);
}

/** Back to the first moment: calls end without a word, switches are normal; the subscription and the keys stay. */
export function startOver(exchange: Exchange): void {
  for (const ring of exchange.rings.values()) ring.settle('missed');
  exchange.rings.clear();
  for (const leg of [...exchange.legs.values()]) {
    leg.callbacks.closed = true;
    exchange.endConversation(leg.conversation, 'service', endedByService);
  }
  exchange.ended.length = 0;
  exchange.recordings.clear();
  exchange.grid.reset();
  setFaults(exchange.faults, { ...defaultFaults() });
}

export function setFaults(faults: AcsFaults, patch: object): AcsFaults {
  mergeFaults(faults, { ...patch });
  return faults;
}
