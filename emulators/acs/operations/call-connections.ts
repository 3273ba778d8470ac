/** Calls the app makes, joins, asks about and ends. */
import type { Exchange } from '../exchange.ts';
import type { Identifier } from '../identifiers.ts';
import { identifierOf } from '../identifiers.ts';
import type { Leg } from '../leg.ts';
import { nowUs } from '../media/clock.ts';
import { dropLine, join } from '../people.ts';
import type { Reached } from '../reach.ts';
import { reach } from '../reach.ts';
import { invalidArgument } from '../rest/acs-error.ts';
import type { CallSettings } from '../rest/bodies.ts';
import { connectBody, createBody, operationBody } from '../rest/bodies.ts';
import type { Operation } from '../rest/operation.ts';
import { bare, onLeg, post } from '../rest/operation.ts';
import { conversationEnded, endedByApp, legRemoved, unreached } from '../results.ts';
import { bringUp, equip } from './bring-up.ts';
import { locate } from './locate.ts';

/** Create, connect, get, hang up and terminate. */
export const callOperations: Operation[] = [
  post('/calling/callConnections', createBody, ({ exchange, body, apiVersion }) => {
    const from = body.sourceCallerIdNumber ? identifierOf(body.sourceCallerIdNumber.value) : undefined;
    if (!from && body.targets.some(target => target.kind === 'phoneNumber')) {
      throw invalidArgument('SourceCallerIdNumber is required to call a phone number.');
    }
    const conversation = exchange.newConversation();
    const self = body.source ? identifierOf(body.source.id) : exchange.newIdentity();
    const leg = exchange.openLeg(conversation, {
      ...settingsOf(body),
      self,
      apiVersion,
      state: 'connecting',
      source: self,
      targets: body.targets,
      ...(body.sourceDisplayName === undefined ? {} : { sourceDisplayName: body.sourceDisplayName }),
      ...(body.sourceCallerIdNumber ? { sourceCallerIdNumber: { value: body.sourceCallerIdNumber.value } } : {}),
    });
    equip(exchange, leg, body);
    callOut(exchange, leg, from ?? self, body.targets);
    return { status: 201, correlationId: conversation.correlationId, body: leg.properties() };
  }),
  post('/calling/callConnections:connect', connectBody, ({ exchange, body, apiVersion }) => {
    const conversation = locate(exchange, body.callLocator);
    const leg = exchange.openLeg(conversation, {
      ...settingsOf(body),
      self: exchange.newIdentity(),
      apiVersion,
      state: 'unknown',
      targets: [],
    });
    equip(exchange, leg, body);
    bringUp(exchange, leg);
    return { status: 200, correlationId: conversation.correlationId, body: leg.properties() };
  }),
  bare('GET', '/calling/callConnections/{}', ({ exchange, params }) => {
    const leg = exchange.leg(params[0] ?? '');
    return { status: 200, correlationId: leg.conversation.correlationId, body: leg.properties() };
  }),
  bare('DELETE', '/calling/callConnections/{}', ({ exchange, params }) => {
    const leg = exchange.leg(params[0] ?? '');
    leaveCall(exchange, leg);
    return { status: 204, correlationId: leg.conversation.correlationId };
  }),
  onLeg(':terminate', operationBody, (leg, { exchange }) => {
    exchange.endConversation(leg.conversation, 'app', endedByApp, conversationEnded, leg);
    return { status: 204 };
  }),
];

/** A hang-up of one leg: ends a call of two, and leaves a group to the others. */
function leaveCall(exchange: Exchange, leg: Leg): void {
  const { conversation } = leg;
  if (conversation.people.length + conversation.legs.size <= 2) {
    exchange.endConversation(conversation, 'app', endedByApp, conversationEnded, leg);
    return;
  }
  exchange.endLeg(leg, 'app', endedByApp);
  for (const other of conversation.legs) other.tellParticipants();
}

function settingsOf(body: Omit<CallSettings, 'incomingCallContext' | 'answeredBy'>) {
  const cognitive = body.callIntelligenceOptions?.cognitiveServicesEndpoint;
  return {
    callbackUri: body.callbackUri,
    operationContext: body.operationContext,
    ...(cognitive === undefined ? {} : { cognitiveServicesEndpoint: cognitive }),
  };
}

/** Rings all targets; the first that answers connects the call, the last that does not fails it. */
function callOut(exchange: Exchange, leg: Leg, from: Identifier, targets: Identifier[]): void {
  let waiting = targets.length;
  for (const target of targets) {
    const reaching = reach(exchange, leg.conversation, from, target, exchange.faults.outboundRingMs);
    const id = `target ${target.rawId}`;
    leg.invitations.set(id, reaching);
    void reaching.result.then(reached => {
      leg.invitations.delete(id);
      waiting--;
      arrived(exchange, leg, target, reached, waiting === 0);
    });
  }
}

function arrived(exchange: Exchange, leg: Leg, target: Identifier, reached: Reached, isLast: boolean): void {
  if (!leg.isLive) {
    if (reached.outcome === 'answer')
      reached.line?.end({ event: 'ended', by: 'app', code: 200, subCode: legRemoved.subCode });
    return;
  }
  if (reached.outcome === 'answer') {
    if (!reached.isApp) join(exchange, leg.conversation, target, reached.line);
    reached.line?.tell({ event: 'answered', callConnectionId: leg.id, atUs: nowUs() });
    if (leg.state === 'connecting') bringUp(exchange, leg);
    else leg.tellParticipants();
    return;
  }
  const isAlone = leg.conversation.people.length === 0 && leg.conversation.legs.size === 1;
  if (!isLast || !isAlone || reached.outcome === 'cancelled') return;
  const result = unreached(reached.outcome);
  leg.tell('CreateCallFailed', {}, { context: leg.setup.operationContext, result });
  for (const person of leg.conversation.people) dropLine(person, 'service', result.code, result.subCode);
  leg.conversation.close();
  exchange.endLeg(leg, 'service', result, 'silently');
}
