import type { Conversation } from '../conversation.ts';
import type { Exchange } from '../exchange.ts';
import type { Identifier } from '../identifiers.ts';
import type { Leg } from '../leg.ts';
import { nowUs } from '../media/clock.ts';
import type { Participant } from '../participant.ts';
import { join } from '../people.ts';
import type { Reached } from '../reach.ts';
import { reach } from '../reach.ts';
import { AcsError, participantNotFound } from '../rest/acs-error.ts';
import { transferBody } from '../rest/bodies.ts';
import type { Operation } from '../rest/operation.ts';
import { addressOf, contextOnly, onConnectedLeg } from '../rest/operation.ts';
import { conversationEnded, transferDone, unreached } from '../results.ts';

type Address = ReturnType<typeof addressOf>;

/** Blind transfer: the target rings, and only its answer takes our leg out of the call. */
export const transferOperations: Operation[] = [
  onConnectedLeg(':transferToParticipant', transferBody, (leg, { exchange, body }) => {
    if (leg.state === 'transferring') throw new AcsError(409, '8607', 'A transfer is already under way.');
    const { people } = leg.conversation;
    const transferee = body.transferee ? leg.conversation.find(body.transferee.rawId) : people[0];
    if (!transferee) throw participantNotFound();
    leg.state = 'transferring';
    const from = transferee.identifier;
    // The target hears of the same call: all legs share the correlation id.
    const beyond = exchange.newConversation(leg.conversation.correlationId);
    const target = body.targetParticipant;
    const reaching = reach(exchange, beyond, from, target, exchange.faults.transferTimeoutMs);
    leg.invitations.set('transfer', reaching);
    void reaching.result.then(reached => {
      leg.invitations.delete('transfer');
      settle(exchange, leg, transferee, target, beyond, reached, addressOf(body));
    });
    return { status: 202, body: contextOnly(body.operationContext) };
  }),
];

function settle(
  exchange: Exchange,
  leg: Leg,
  transferee: Participant,
  target: Identifier,
  beyond: Conversation,
  reached: Reached,
  address: Address,
): void {
  if (!leg.isLive) {
    if (reached.outcome === 'answer') reached.line?.end({ event: 'ended', by: 'caller', code: 200, subCode: 0 });
    return;
  }
  if (reached.outcome !== 'answer') {
    leg.state = 'connected';
    if (reached.outcome === 'cancelled') return;
    leg.tell('CallTransferFailed', {}, { ...address, result: unreached(reached.outcome) });
    return;
  }
  leg.state = 'transferAccepted';
  accepted(exchange, leg, transferee, target, address);
  moveOn(exchange, leg, transferee, target, beyond, reached);
}

function accepted(exchange: Exchange, leg: Leg, transferee: Participant, target: Identifier, address: Address): void {
  const { transferOrder, callbackJitterMs } = exchange.faults;
  const apart = callbackJitterMs + 20;
  const isLate = transferOrder === 'disconnected-first';
  const extra = { transferTarget: target, transferee: transferee.identifier };
  const post = isLate ? { late: true, afterMs: apart } : {};
  leg.tell('CallTransferAccepted', extra, { ...address, result: transferDone, post });
  if (leg.conversation.people.length > 1) {
    leg.state = 'connected';
    return;
  }
  exchange.endLeg(leg, 'app', conversationEnded, isLate ? {} : { afterMs: apart });
}

/** The caller goes on with the target. With a target nobody plays, there is nothing more to hear: the line ends. */
function moveOn(
  exchange: Exchange,
  leg: Leg,
  transferee: Participant,
  target: Identifier,
  beyond: Conversation,
  reached: Extract<Reached, { outcome: 'answer' }>,
): void {
  const old = leg.conversation;
  old.people.splice(old.people.indexOf(transferee), 1);
  if (leg.isLive) leg.tellParticipants();
  else if (old.legs.size === 0) exchange.endConversation(old, 'app', conversationEnded);
  if (!reached.isApp && !reached.line) {
    transferee.line?.end({ event: 'ended', by: 'service', code: transferDone.code, subCode: transferDone.subCode });
    return;
  }
  join(exchange, beyond, transferee.identifier, transferee.line);
  if (reached.line) {
    join(exchange, beyond, target, reached.line);
    reached.line.tell({ event: 'answered', callConnectionId: leg.id, atUs: nowUs() });
  }
  beyond.openEars();
}
