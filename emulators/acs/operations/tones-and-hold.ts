import type { Conversation } from '../conversation.ts';
import type { Identifier } from '../identifiers.ts';
import type { Participant } from '../participant.ts';
import { toneKey } from '../phone/tones.ts';
import { invalidArgument, participantNotFound } from '../rest/acs-error.ts';
import { holdBody, sendTonesBody, targetBody } from '../rest/bodies.ts';
import type { Operation } from '../rest/operation.ts';
import { addressOf, contextOnly, onConnectedLeg } from '../rest/operation.ts';
import { conversationEnded, noCognitiveServices } from '../results.ts';
import { hasCognitiveServices } from './prompt.ts';

/** DTMF both ways, and holding people. */
export const toneAndHoldOperations: Operation[] = [
  onConnectedLeg(':startContinuousDtmfRecognition', targetBody, (leg, { body }) => {
    const person = personOf(leg.conversation, body.targetParticipant);
    leg.dtmfRecognition = { of: person.identifier.rawId, context: body.operationContext, sequence: 0 };
    return { status: 200 };
  }),
  onConnectedLeg(':stopContinuousDtmfRecognition', targetBody, (leg, { body }) => {
    if (leg.dtmfRecognition) {
      leg.dtmfRecognition = undefined;
      leg.tell('ContinuousDtmfRecognitionStopped', {}, { ...addressOf(body), result: conversationEnded });
    }
    return { status: 200 };
  }),
  onConnectedLeg(':sendDtmfTones', sendTonesBody, (leg, { exchange, body }) => {
    const person = personOf(leg.conversation, body.targetParticipant);
    if (person.identifier.kind !== 'phoneNumber') throw invalidArgument('Tones can be sent to phone numbers only.');
    const { dtmfToneMs } = exchange.faults;
    body.tones.forEach((word, at) => {
      leg.alarms.after(at * dtmfToneMs, () => person.line?.tell({ event: 'dtmf', tone: toneKey(word) }));
    });
    leg.alarms.after(body.tones.length * dtmfToneMs, () => leg.tell('SendDtmfTonesCompleted', {}, addressOf(body)));
    return { status: 202, body: contextOnly(body.operationContext) };
  }),
  onConnectedLeg(':hold', holdBody, (leg, { exchange, body }) => {
    const person = personOf(leg.conversation, body.targetParticipant);
    const speaks = body.playSourceInfo !== undefined && body.playSourceInfo.kind !== 'file';
    if (speaks && !hasCognitiveServices(exchange, leg)) {
      leg.tell('HoldFailed', {}, { ...addressOf(body), result: noCognitiveServices });
    } else setHold(leg.conversation, person, true);
    return { status: 200 };
  }),
  onConnectedLeg(':unhold', targetBody, (leg, { body }) => {
    setHold(leg.conversation, personOf(leg.conversation, body.targetParticipant), false);
    return { status: 200 };
  }),
];

function personOf(conversation: Conversation, identifier: Identifier): Participant {
  const person = conversation.find(identifier.rawId);
  if (!person) throw participantNotFound();
  return person;
}

/** There is no success event: the participants' list says it. */
function setHold(conversation: Conversation, person: Participant, isOnHold: boolean): void {
  person.isOnHold = isOnHold;
  person.line?.tell({ event: 'hold', on: isOnHold });
  for (const leg of conversation.legs) leg.tellParticipants();
}
