import type { Exchange } from '../exchange.ts';
import { identifierOf, isAddressOf, numberOf } from '../identifiers.ts';
import { nowUs } from '../media/clock.ts';
import { join } from '../people.ts';
import type { CallSettings } from '../rest/bodies.ts';
import { answerBody, redirectBody, rejectBody } from '../rest/bodies.ts';
import type { Operation, OperationRequest, Reply } from '../rest/operation.ts';
import { post } from '../rest/operation.ts';
import { answerFailed } from '../results.ts';
import type { Ring } from '../ring.ts';
import { openRing, ringing } from '../ring.ts';
import { bringUp, equip } from './bring-up.ts';

/** What the app may do with a ringing call. */
export const ringOperations: Operation[] = [
  post('/calling/callConnections:answer', answerBody, answer),
  post('/calling/callConnections:reject', rejectBody, ({ exchange, body }) => {
    const ring = ringing(exchange, body.incomingCallContext);
    ring.settle('rejected', body.callRejectReason);
    return { status: 204, correlationId: ring.setup.conversation.correlationId };
  }),
  post('/calling/callConnections:redirect', redirectBody, ({ exchange, body }) => {
    const ring = ringing(exchange, body.incomingCallContext);
    const { from, conversation, line } = ring.setup;
    const isOurs = exchange.faults.ownedIds.some(owned => isAddressOf(owned, body.target));
    ring.settle('redirected', isOurs ? 'carried-on' : undefined);
    if (isOurs) {
      const next = openRing(exchange, { from, to: body.target, conversation, ...(line ? { line } : {}) });
      exchange.grid.deliver([next.event]);
    }
    return { status: 204, correlationId: conversation.correlationId };
  }),
];

function answer({ exchange, body, apiVersion }: OperationRequest<CallSettings>): Reply {
  const ring = ringing(exchange, body.incomingCallContext);
  ring.settle('answered');
  const { from, to, conversation, line } = ring.setup;
  const self = body.answeredBy ? identifierOf(body.answeredBy.id) : appIdentity(exchange, ring);
  const number = numberOf(to);
  const cognitive = body.callIntelligenceOptions?.cognitiveServicesEndpoint;
  const leg = exchange.openLeg(conversation, {
    self,
    callbackUri: body.callbackUri,
    operationContext: body.operationContext,
    apiVersion,
    state: 'unknown',
    source: from,
    targets: [to],
    answeredBy: { id: self.rawId },
    ...(number === undefined ? {} : { answeredFor: { value: number } }),
    ...(cognitive === undefined ? {} : { cognitiveServicesEndpoint: cognitive }),
  });
  const reply = { status: 200, correlationId: conversation.correlationId, body: leg.properties() };
  if (exchange.faults.answerFailsNext > 0) {
    exchange.faults.answerFailsNext--;
    leg.tell('AnswerFailed', {}, { context: body.operationContext, result: answerFailed });
    line?.end({ event: 'failed', reason: 'no-answer' });
    exchange.endLeg(leg, 'service', answerFailed, 'silently');
    return reply;
  }
  if (conversation.legs.size === 1) join(exchange, conversation, from, line);
  equip(exchange, leg, body);
  line?.tell({ event: 'answered', callConnectionId: leg.id, atUs: nowUs() });
  bringUp(exchange, leg);
  return { ...reply, body: leg.properties() };
}

function appIdentity(exchange: Exchange, ring: Ring) {
  return ring.setup.to.kind === 'communicationUser' ? ring.setup.to : exchange.newIdentity();
}
