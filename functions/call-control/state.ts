import { type CallLife, type LifeEvent, live } from '../../contracts/call-life.ts';
import type { ControlMessage } from '../../contracts/control.ts';
import type { HandoffAsk } from '../../contracts/handoff.ts';
import type { Look } from '../acs/look.ts';
import type { Order, OrderReply } from '../acs/orders.ts';
import type { ControlEvent } from '../call-message.ts';
import type { CallStart, PeopleRules } from '../call-start.ts';
import type { Handoff, Stray } from './handoff.ts';
import type { Media } from './media-recovery.ts';
import type { Operation } from './operations.ts';
import type { Untold } from './untold.ts';

/**
 * All that a call's orchestration knows and decides by, as plain JSON: it is handed from one execution to the next, and
 * from one version of this code to the next. What a newer version adds must be absent in peace.
 */
export interface Control {
  v: 1;
  life: CallLife;
  /** Epoch milliseconds, as all moments here: the orchestration began; the phase last changed. */
  begunAt: number;
  phaseSince: number;
  /** We have run the answer, or the dialling, ourselves. */
  answerTried: boolean;
  /** The ring's context was spent without our knowing by whom. */
  unclearSince?: number;
  noted: boolean;
  hangUpBegun: boolean;
  hangUpAt?: number;
  /** The carrier last confirmed that the call is up. */
  seenUpAt: number;
  /** The carrier no longer knows the call, and nothing has said how it ended. */
  missingSince?: number;
  /** The sound failed before we knew the call's connection: it is ended as soon as we do. */
  doomed?: string;
  /** An end that came while a transfer was under way: it may be the transfer's doing. */
  held?: { event: LifeEvent; until: number };
  /** Of the orders and messages made here, so that each has a name of its own. */
  made: number;
  operations: Operation[];
  /** Asked for before the call was connected. */
  wanted?: HandoffAsk;
  handoff?: Handoff;
  strays: Stray[];
  /** What the media host has still to be told. */
  untold: Untold[];
  media: Media;
  recording?: { recordingId: string; state: 'active' | 'paused' | 'inactive' };
}

/** What holds for the whole call. */
export interface CallRules {
  callId: string;
  direction: 'in' | 'out';
  maxCallMs: number;
  idleMs: number | undefined;
  people: PeopleRules;
  /** Our own number, shown to the people we ring. */
  ourNumber: string | undefined;
}

/** What the orchestration is to do next, in this order; those with an outcome report it as an event. */
export type Intent =
  | { do: 'answer' }
  | { do: 'dial' }
  | { do: 'hang-up' }
  | { do: 'note' }
  | { do: 'look-up'; why: LookReason; who?: string }
  | { do: 'ask-host'; hostId: string }
  | { do: 'carry-out'; order: Order; context: string }
  | { do: 'tell-media'; message: ControlMessage };

/** Whose question a look at the carrier answers. */
export type LookReason = 'routine' | 'media' | 'person' | 'idle';

/** What came of an intent; a reply or look is absent when the carrier could not be asked. */
export type Outcome =
  | { type: 'began' }
  | { type: 'resumed' }
  | { type: 'alarm' }
  | { type: 'carried-out'; context: string; reply?: OrderReply }
  /** `reached`: the message is on its way to whoever listens. */
  | { type: 'told-media'; message: ControlMessage; reached: boolean }
  | { type: 'looked'; why: LookReason; look?: Look }
  /** `silent` is absent when nobody could find out. */
  | { type: 'host-asked'; hostId: string; silent?: boolean }
  | { type: 'hung-up'; gone: boolean };

export type SteerEvent = ({ id: string; from: 'acs' | 'us' } & (LifeEvent | ControlEvent)) | Outcome;

export interface Step {
  state: Control;
  intents: Intent[];
}

export const stay = (state: Control): Step => ({ state, intents: [] });
export const act = (state: Control, ...intents: Intent[]): Step => ({ state, intents });

/** Goes on from where a step has led. */
export function andThen(step: Step, next: (state: Control) => Step): Step {
  const { state, intents } = next(step.state);
  return { state, intents: [...step.intents, ...intents] };
}

/** Folds the call's life; the phase's age is that of its last change. */
export function living(state: Control, event: LifeEvent, now: number): Control {
  const life = live(state.life, event);
  return life.phase === state.life.phase ? { ...state, life } : { ...state, life, phaseSince: now };
}

/** An order under a name nobody else uses; a host that dies here makes the same name again. */
export function ask(state: Control, order: Order, { callId }: CallRules): Step & { context: string } {
  const context = `${callId}.${state.made}`;
  return { ...act({ ...state, made: state.made + 1 }, { do: 'carry-out', order, context }), context };
}

export type Telling = ControlMessage extends infer M
  ? M extends ControlMessage
    ? Omit<M, 'id' | 'at'>
    : never
  : never;

export function tellMedia(state: Control, message: Telling, now: number, { callId }: CallRules): Step {
  const whole = { ...message, id: `${callId}.${state.made}`, at: now } as ControlMessage;
  return act({ ...state, made: state.made + 1 }, { do: 'tell-media', message: whole });
}

export function freshControl(now: number): Control {
  return {
    v: 1,
    life: { phase: 'ringing' },
    begunAt: now,
    phaseSince: now,
    answerTried: false,
    noted: false,
    hangUpBegun: false,
    seenUpAt: now,
    made: 0,
    operations: [],
    strays: [],
    untold: [],
    media: { state: 'none', since: now },
  };
}

const nobody: PeopleRules = { targets: [], mode: 'consult', ringSeconds: 25 };

export function rulesOf(start: CallStart): CallRules {
  const { opening, maxCallMs, idleMs, people } = start;
  const callee = opening.calleeId.replace(/^4:/, '');
  return {
    callId: opening.callId,
    direction: opening.direction,
    maxCallMs,
    idleMs,
    people: people ?? nobody,
    ourNumber: 'dial' in start ? start.dial.callerId : /^\+\d+$/.test(callee) ? callee : undefined,
  };
}
