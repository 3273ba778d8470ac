/** People come into a conversation, press keys, and leave it. */
import type { Conversation } from './conversation.ts';
import type { EndedBy, Exchange } from './exchange.ts';
import type { Identifier } from './identifiers.ts';
import type { Participant } from './participant.ts';
import type { PhoneLine } from './phone/phone-line.ts';
import { toneKey } from './phone/tones.ts';
import { conversationEnded, endedByPstnCaller, toneReceived } from './results.ts';

/** Adds somebody; their phone, if any, is heard and hears from now on. */
export function join(
  exchange: Exchange,
  conversation: Conversation,
  identifier: Identifier,
  line: PhoneLine | undefined,
): Participant {
  const person: Participant = { identifier, isMuted: false, isOnHold: false, ...(line ? { line } : {}) };
  conversation.people.push(person);
  line?.attach({
    tone: word => pressKey(conversation, person, word),
    hungUp: () => hangUp(exchange, conversation, person),
    framesAfterStop: () => Math.max(0, ...[...conversation.legs].map(leg => leg.stream?.framesAfterStop ?? 0)),
  });
  return person;
}

/** Takes somebody out. @returns whether the conversation goes on without them. */
export function leave(conversation: Conversation, person: Participant): boolean {
  conversation.people.splice(conversation.people.indexOf(person), 1);
  return conversation.people.length + conversation.legs.size >= 2;
}

/** Ends somebody's phone while the conversation goes on. */
export function dropLine(person: Participant, by: EndedBy, code: number, subCode: number): void {
  person.line?.end({ event: 'ended', by, code, subCode });
}

function hangUp(exchange: Exchange, conversation: Conversation, person: Participant): void {
  const result = person.identifier.kind === 'phoneNumber' ? endedByPstnCaller : conversationEnded;
  if (leave(conversation, person)) {
    dropLine(person, 'caller', result.code, result.subCode);
    for (const leg of conversation.legs) leg.tellParticipants();
    return;
  }
  conversation.people.push(person);
  exchange.endConversation(conversation, 'caller', result);
}

function pressKey(conversation: Conversation, person: Participant, word: string): void {
  for (const leg of conversation.legs) {
    leg.stream?.sendTone(toneKey(word));
    leg.operations.tone(word, person.identifier.rawId);
    const recognition = leg.dtmfRecognition;
    if (!recognition || recognition.of !== person.identifier.rawId) continue;
    const extra = { sequenceId: ++recognition.sequence, tone: word };
    leg.tell('ContinuousDtmfRecognitionToneReceived', extra, { context: recognition.context, result: toneReceived });
  }
}
