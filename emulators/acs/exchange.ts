/** What the stand-in knows: who rings, which legs live, which phones wait, and how a leg ends. */
import { randomUUID } from 'node:crypto';
import { Alarms } from './alarms.ts';
import type { CallbackPoster, PostOptions } from './callbacks.ts';
import { createCallbackPoster } from './callbacks.ts';
import type { ResultInformation } from './cloud-event.ts';
import { Conversation } from './conversation.ts';
import type { Courier } from './courier.ts';
import { createCourier } from './courier.ts';
import type { EventGrid } from './event-grid.ts';
import { createEventGrid } from './event-grid.ts';
import type { AcsFaults } from './faults.ts';
import type { Identifier } from './identifiers.ts';
import { identifierOf } from './identifiers.ts';
import type { LegSetup } from './leg.ts';
import { Leg } from './leg.ts';
import { Recorder, RecordingBudget } from './media/recorder.ts';
import type { Recording } from './operations/recordings.ts';
import type { AnsweringPhone } from './phone/answering-phone.ts';
import { callNotFound } from './rest/acs-error.ts';
import type { Ring } from './ring.ts';
import type { Tokens } from './tokens.ts';

export type EndedBy = 'caller' | 'app' | 'service';

export interface ExchangeSetup {
  faults: AcsFaults;
  tokens: Tokens;
  resourceId: string;
  strict: boolean;
  baseUrl: () => string;
  log: (line: string) => void;
}

export class Exchange {
  readonly faults: AcsFaults;
  readonly tokens: Tokens;
  readonly strict: boolean;
  readonly log: (line: string) => void;
  readonly courier: Courier = createCourier();
  readonly alarms = new Alarms();
  readonly grid: EventGrid;
  readonly poster: CallbackPoster;
  /** Inbound calls that ring, by incoming call context. */
  readonly rings = new Map<string, Ring>();
  readonly legs = new Map<string, Leg>();
  readonly ended: Leg[] = [];
  readonly phones = new Set<AnsweringPhone>();
  readonly recordings = new Map<string, Recording>();
  /** Aborts when the stand-in closes; every socket it dialled ends then. */
  readonly closing = new AbortController();
  readonly #resourceId: string;
  readonly #budget = new RecordingBudget(() => this.#forgetOldest());

  constructor(setup: ExchangeSetup) {
    this.faults = setup.faults;
    this.tokens = setup.tokens;
    this.strict = setup.strict;
    this.log = setup.log;
    this.#resourceId = setup.resourceId;
    const { faults, courier, alarms, tokens, log } = this;
    this.grid = createEventGrid({ faults, courier, alarms, baseUrl: setup.baseUrl, log });
    this.poster = createCallbackPoster({ faults, tokens, courier, alarms, log });
  }

  /** A fresh identity of the resource, as the app appears among the participants. */
  newIdentity(): Identifier {
    return identifierOf(`8:acs:${this.#resourceId}_${randomUUID().replace('-', '')}`);
  }

  newConversation(correlationId?: string): Conversation {
    return new Conversation(() => this.#newRecorder(), correlationId);
  }

  openLeg(conversation: Conversation, setup: LegSetup): Leg {
    const leg = new Leg(conversation, setup, this.poster, this.#newRecorder());
    this.legs.set(leg.id, leg);
    return leg;
  }

  /** @throws 404/8522 when there is no such leg, or none any more. */
  leg(id: string): Leg {
    const leg = this.legs.get(id);
    if (!leg) throw callNotFound();
    return leg;
  }

  /** A live or ended leg, for inspection. */
  anyLeg(id: string): Leg | undefined {
    return this.legs.get(id) ?? this.ended.find(leg => leg.id === id);
  }

  /**
   * Ends one leg: from now on the REST API does not know it, and `CallDisconnected` is the last thing it posts.
   * @param post `silently` when the leg never was connected and another event says so.
   */
  endLeg(leg: Leg, by: EndedBy, result: ResultInformation, post: PostOptions | 'silently' = {}): void {
    if (!leg.isLive) return;
    leg.state = 'disconnected';
    leg.endedAt = new Date().toISOString();
    leg.endedBy = by;
    leg.conversation.legs.delete(leg);
    this.#retire(leg);
    leg.operations.drop();
    leg.transcription?.close();
    for (const invitation of leg.invitations.values()) invitation.cancel();
    const { hangUpOrder } = this.faults;
    const socketFirst = hangUpOrder === 'random' ? Math.random() < 0.5 : hangUpOrder === 'socket-first';
    if (socketFirst) leg.streaming?.close();
    else
      this.alarms.after(this.faults.callbackDelayMs + this.faults.callbackJitterMs + 5, () => leg.streaming?.close());
    leg.alarms.close();
    if (post === 'silently') return;
    leg.tell('CallDisconnected', {}, { context: leg.setup.operationContext, result, post: { ...post, last: true } });
  }

  /** Everybody is told that the call is over. @param others result for legs beside `first`. */
  endConversation(
    conversation: Conversation,
    by: EndedBy,
    result: ResultInformation,
    others: ResultInformation = result,
    first?: Leg,
  ): void {
    if (conversation.ended) return;
    conversation.close();
    for (const recording of this.recordings.values()) recording.conversationEnded(conversation);
    for (const leg of [...conversation.legs]) this.endLeg(leg, by, first && leg !== first ? others : result);
    for (const person of conversation.people) {
      person.line?.end({ event: 'ended', by, code: result.code, subCode: result.subCode });
    }
  }

  #newRecorder(): Recorder {
    return new Recorder(this.faults.recordMs, this.#budget);
  }

  #forgetOldest(): boolean {
    return this.ended.some(leg => leg.heard.release() || leg.conversation.heard.release());
  }

  #retire(leg: Leg): void {
    this.legs.delete(leg.id);
    this.ended.push(leg);
    while (this.ended.length > this.faults.keepEnded) {
      const oldest = this.ended.shift();
      oldest?.heard.release();
      oldest?.conversation.heard.release();
    }
  }

  close(): void {
    this.closing.abort();
    this.alarms.close();
    for (const ring of this.rings.values()) ring.cancel();
    for (const leg of [...this.legs.values()]) {
      leg.conversation.close();
      leg.state = 'disconnected';
      leg.alarms.close();
      leg.operations.drop();
    }
    this.legs.clear();
    this.courier.close();
  }
}
