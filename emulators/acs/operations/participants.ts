import { randomUUID } from 'node:crypto';
import type { Conversation } from '../conversation.ts';
import type { Exchange } from '../exchange.ts';
import type { Identifier } from '../identifiers.ts';
import type { Leg, TellOptions } from '../leg.ts';
import { nowUs } from '../media/clock.ts';
import { dropLine, join, leave } from '../people.ts';
import type { Reached } from '../reach.ts';
import { reach } from '../reach.ts';
import { invalidArgument, participantNotFound } from '../rest/acs-error.ts';
import { addBody, cancelAddBody, moveBody, muteBody, removeBody } from '../rest/bodies.ts';
import type { Operation } from '../rest/operation.ts';
import { addressOf, bare, contextOnly, onConnectedLeg, onLeg } from '../rest/operation.ts';
import { lastOneLeft, legRemoved, notThere, tooLate, unreached } from '../results.ts';

const defaultInvitationS = 30;

/** Who is in the call, and who comes and goes. */
export const participantOperations: Operation[] = [
  bare('GET', '/calling/callConnections/{}/participants', ({ exchange, params }) => {
    const { conversation } = exchange.leg(params[0] ?? '');
    return { status: 200, correlationId: conversation.correlationId, body: { value: conversation.everyone() } };
  }),
  bare('GET', '/calling/callConnections/{}/participants/{}', ({ exchange, params }) => {
    const { conversation } = exchange.leg(params[0] ?? '');
    const found = conversation.everyone().find(one => (one.identifier as Identifier).rawId === params[1]);
    if (!found) throw participantNotFound();
    return { status: 200, correlationId: conversation.correlationId, body: found };
  }),
  onConnectedLeg('/participants:add', addBody, (leg, { exchange, body }) => {
    const identifier = body.participantToAdd;
    if (identifier.kind === 'phoneNumber' && !body.sourceCallerIdNumber) {
      throw invalidArgument('SourceCallerIdNumber is required to add a phone number.');
    }
    const invitationId = randomUUID();
    const timeoutMs = (body.invitationTimeoutInSeconds ?? defaultInvitationS) * 1000;
    const reaching = reach(exchange, leg.conversation, leg.self, identifier, timeoutMs);
    leg.invitations.set(invitationId, reaching);
    void reaching.result.then(reached => {
      leg.invitations.delete(invitationId);
      added(exchange, leg, identifier, reached, addressOf(body));
    });
    const participant = { identifier, isMuted: false, isOnHold: false };
    return { status: 202, body: { participant, ...contextOnly(body.operationContext), invitationId } };
  }),
  onConnectedLeg('/participants:cancelAddParticipant', cancelAddBody, (leg, { body }) => {
    const { invitationId } = body;
    const isCancelled = leg.invitations.get(invitationId)?.cancel() ?? false;
    const address = addressOf(body);
    if (isCancelled) leg.tell('CancelAddParticipantSucceeded', { invitationId }, address);
    else leg.tell('CancelAddParticipantFailed', { invitationId }, { ...address, result: tooLate });
    return { status: 202, body: { invitationId, ...contextOnly(body.operationContext) } };
  }),
  onConnectedLeg('/participants:remove', removeBody, (leg, { exchange, body }) => {
    remove(exchange, leg, body.participantToRemove, addressOf(body));
    return { status: 202, body: contextOnly(body.operationContext) };
  }),
  onConnectedLeg('/participants:mute', muteBody, (leg, { body }) => {
    const person = leg.conversation.find(body.targetParticipants[0]?.rawId ?? '');
    if (!person) throw participantNotFound();
    person.isMuted = true;
    tellAll(leg.conversation);
    return { status: 200, body: contextOnly(body.operationContext) };
  }),
  onLeg('/participants:moveHere', moveBody, (leg, { exchange, body }) => {
    const from = exchange.leg(body.fromCall).conversation;
    const identifiers = body.targetParticipants;
    for (const identifier of identifiers) move(exchange, leg, from, identifier, body.fromCall, addressOf(body));
    tellAll(leg.conversation);
    if (from.people.length === 0) exchange.endConversation(from, 'app', lastOneLeft);
    else tellAll(from);
    const participants = identifiers.map(identifier => ({ identifier, isMuted: false, isOnHold: false }));
    return { status: 202, body: { participants, ...contextOnly(body.operationContext), fromCall: body.fromCall } };
  }),
];

function tellAll(conversation: Conversation): void {
  for (const leg of conversation.legs) leg.tellParticipants();
}

function added(exchange: Exchange, leg: Leg, identifier: Identifier, reached: Reached, address: TellOptions): void {
  if (!leg.isLive) {
    if (reached.outcome === 'answer') reached.line?.end({ event: 'ended', by: 'app', code: 200, subCode: 5300 });
    return;
  }
  if (reached.outcome === 'cancelled') return;
  if (reached.outcome !== 'answer') {
    const result = unreached(reached.outcome);
    leg.tell('AddParticipantFailed', { participant: identifier }, { ...address, result });
    return;
  }
  if (!reached.isApp) join(exchange, leg.conversation, identifier, reached.line);
  reached.line?.tell({ event: 'answered', callConnectionId: leg.id, atUs: nowUs() });
  if (leg.stream?.isOpen) reached.line?.tell({ event: 'media-open', atUs: nowUs() });
  leg.conversation.openEars();
  leg.tell('AddParticipantSucceeded', { participant: identifier }, address);
  tellAll(leg.conversation);
}

function remove(exchange: Exchange, leg: Leg, identifier: Identifier, address: TellOptions): void {
  const { conversation } = leg;
  const person = conversation.find(identifier.rawId);
  const otherLeg = [...conversation.legs].find(other => other !== leg && other.self.rawId === identifier.rawId);
  if (!person && !otherLeg) {
    leg.tell('RemoveParticipantFailed', { participant: identifier }, { ...address, result: notThere });
    return;
  }
  leg.tell('RemoveParticipantSucceeded', { participant: identifier }, address);
  if (person) {
    leave(conversation, person);
    dropLine(person, 'app', legRemoved.code, legRemoved.subCode);
  }
  if (otherLeg) exchange.endLeg(otherLeg, 'app', legRemoved);
  if (conversation.people.length + conversation.legs.size > 1) {
    tellAll(conversation);
    return;
  }
  exchange.alarms.after(exchange.faults.callbackJitterMs + 20, () =>
    exchange.endConversation(conversation, 'app', lastOneLeft),
  );
}

function move(
  exchange: Exchange,
  leg: Leg,
  from: Conversation,
  identifier: Identifier,
  fromCall: string,
  address: TellOptions,
): void {
  const person = from.find(identifier.rawId);
  const extra = { participant: identifier, fromCall };
  if (!person) {
    leg.tell('MoveParticipantFailed', extra, { ...address, result: notThere });
    return;
  }
  from.people.splice(from.people.indexOf(person), 1);
  join(exchange, leg.conversation, person.identifier, person.line);
  leg.tell('MoveParticipantSucceeded', extra, address);
}
