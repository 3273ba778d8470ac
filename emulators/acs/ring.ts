/**
 * An inbound call on its way to the app: an opaque context that can be used once, for as long as the phone rings.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Conversation } from './conversation.ts';
import type { Exchange } from './exchange.ts';
import type { GridEvent } from './grid-event.ts';
import { gridEvent } from './grid-event.ts';
import type { Identifier } from './identifiers.ts';
import type { PhoneLine } from './phone/phone-line.ts';
import { AcsError, callNotFound } from './rest/acs-error.ts';

export type RingState = 'ringing' | 'answered' | 'rejected' | 'redirected' | 'missed' | 'abandoned';

export interface RingSetup {
  from: Identifier;
  to: Identifier;
  conversation: Conversation;
  line?: PhoneLine;
  /** Told how it ended, for whoever waits at the other end. */
  onSettled?: (state: Exclude<RingState, 'ringing'>) => void;
}

export class Ring {
  readonly setup: RingSetup;
  readonly context = newContext();
  readonly event: GridEvent;
  state: RingState = 'ringing';
  readonly #exchange: Exchange;
  readonly #stopTimer: () => void;

  constructor(exchange: Exchange, setup: RingSetup) {
    this.setup = setup;
    this.#exchange = exchange;
    this.event = incomingCall(this);
    this.#stopTimer = exchange.alarms.after(exchange.faults.ringTimeoutMs, () => this.settle('missed'));
    setup.line?.attach({ tone: () => undefined, hungUp: () => this.settle('abandoned'), framesAfterStop: () => 0 });
    exchange.rings.set(this.context, this);
  }

  settle(state: Exclude<RingState, 'ringing'>, reason?: string): void {
    if (this.state !== 'ringing') return;
    this.state = state;
    this.#stopTimer();
    this.#exchange.rings.delete(this.context);
    const { line, onSettled } = this.setup;
    if (state === 'missed') line?.end({ event: 'failed', reason: 'no-answer' });
    if (state === 'abandoned') line?.end({ event: 'ended', by: 'caller', code: 487, subCode: 0 });
    if (state === 'rejected') line?.end({ event: 'failed', reason: reason === 'busy' ? 'busy' : 'rejected' });
    if (state === 'redirected' && reason !== 'carried-on') line?.end({ event: 'failed', reason: 'redirected' });
    this.#exchange.log(`ring ${this.setup.conversation.correlationId} ${state}`);
    onSettled?.(state);
  }

  /** The stand-in closes. */
  cancel(): void {
    this.#stopTimer();
  }
}

/** Opens a ring without announcing it; deliver `ring.event` to announce. */
export function openRing(exchange: Exchange, setup: RingSetup): Ring {
  const ring = new Ring(exchange, setup);
  setup.line?.tell({ event: 'ringing', correlationId: setup.conversation.correlationId });
  return ring;
}

/** Finds a ring that still rings. @throws as `usedContext` says when it was used, was missed, or never was. */
export function ringing(exchange: Exchange, context: string): Ring {
  const ring = exchange.rings.get(context);
  if (ring) return ring;
  if (exchange.faults.usedContext === '400/8523') {
    throw new AcsError(400, '8523', 'The incoming call context was already used, or has expired.');
  }
  throw callNotFound();
}

function incomingCall(ring: Ring): GridEvent {
  const { from, to, conversation } = ring.setup;
  return gridEvent('IncomingCall', `/caller/${from.rawId}/recipient/${to.rawId}`, {
    to,
    from,
    serverCallId: conversation.serverCallId,
    callerDisplayName: '',
    incomingCallContext: ring.context,
    correlationId: conversation.correlationId,
  });
}

/** Opaque, JWT-like, about 6 KB, as the service's is. */
function newContext(): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64url');
  const head = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid: randomUUID() })).toString('base64url');
  return `${head}.${part(4_500)}.${part(256)}`;
}
