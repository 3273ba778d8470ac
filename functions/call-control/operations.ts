import type { EndedOperation } from '../../contracts/call-status.ts';
import { endsAtOnce, type Order, type OrderName, type OrderReply } from '../acs/orders.ts';
import type { Wish } from '../call-message.ts';
import { act, type Control, type Step, stay } from './state.ts';

/**
 * Orders somebody has given for this call, from the asking to an end that always comes: the carrier's word, its refusal,
 * too long a silence, or the end of the call.
 */
export interface Operation extends EndedOperation {
  order: OrderName | Wish['do'];
  /** When silence counts as failure, epoch milliseconds; absent for what lasts until it is cancelled. */
  until?: number;
  /** What is asked once this much has succeeded. */
  first?: OrderName;
  after?: Order;
  /** What everybody is to hear, until it is known whether they have. */
  text?: string;
}

/** More than these wait for nothing: the carrier would refuse them, and each costs history. */
export const mostWaiting = 32;
/** Ended ones that are still told about. */
export const mostKept = 20;

/** How long ACS may take to tell of each order's end beside what the order itself lasts, ms. */
const slackMs = 10_000;
/** The longest text takes about this long to say. */
const speechMs = 150_000;
/** ACS gives up a transfer itself before this. */
export const transferMs = 75_000;

/** How long until the end of an order must be known, ms; undefined: it ends when it is told to. */
export function patience(order: Order): number | undefined {
  switch (order.do) {
    case 'play':
      return order.loop ? undefined : speechMs + slackMs;
    case 'recognise':
      return speechMs + (order.silenceSeconds + order.toneSeconds * order.mostTones) * 1_000 + slackMs;
    case 'add':
      return order.ringSeconds * 1_000 + slackMs;
    case 'transfer':
      return transferMs;
    default:
      return slackMs;
  }
}

const atOnce = (name: Operation['order']): boolean => (endsAtOnce as ReadonlySet<string>).has(name);
const waits = (operation: Operation): boolean => operation.state === 'asked';
export const waiting = (state: Control): Operation[] => state.operations.filter(waits);

/** A transfer somebody ordered is under way. */
export const transferOrdered = (state: Control): boolean =>
  waiting(state).some(({ order, first }) => order === 'transfer' && first === undefined);

export function ordered(state: Control, id: string, order: Order, before: Order | undefined, now: number): Step {
  if (state.operations.some(operation => operation.id === id)) return stay(state);
  const text = before === undefined ? textOf(order) : undefined;
  const operation: Operation = {
    id,
    order: order.do,
    state: 'asked',
    askedAt: now,
    ...(text !== undefined && { text }),
  };
  const code = obstacle(state);
  if (code !== undefined) return refused(state, operation, code, now);
  const asked = before ? { ...operation, first: before.do, after: order } : operation;
  const next = keep(state, [...state.operations, lasting(asked, before ?? order, now)]);
  return act(next, { do: 'carry-out', order: before ?? order, context: before ? beforeOf(id) : id });
}

const textOf = (order: Order): string | undefined =>
  order.do === 'play' && order.to === undefined && 'text' in order.source ? order.source.text : undefined;

/** Somebody wants the conversation told something: done when it is on its way to the media host. */
export function wished(state: Control, id: string, wish: Wish, now: number): Step {
  if (state.operations.some(operation => operation.id === id)) return stay(state);
  const operation: Operation = { id, order: wish.do, state: 'asked', askedAt: now };
  const { media } = state;
  const code = obstacle(state) ?? (media.state === 'off' || media.state === 'dead' ? 'no-conversation' : undefined);
  if (code !== undefined) return refused(state, operation, code, now);
  const next = keep(state, [...state.operations, operation]);
  return act(next, { do: 'tell-media', message: { ...wish, id, at: now } });
}

export function wishEnded(state: Control, id: string, as: 'done' | 'failed', now: number): Control {
  const operation = find(state, id);
  if (!operation || !waits(operation)) return state;
  return ended(state, operation, as, now, as === 'failed' ? 'unavailable' : undefined);
}

/** Why nothing can be asked of the call as it is. */
function obstacle(state: Control): string | undefined {
  if (state.life.phase !== 'connected' || state.hangUpBegun || state.held) return 'not-connected';
  return waiting(state).length >= mostWaiting ? 'too-many' : undefined;
}

const refused = (state: Control, operation: Operation, code: string, now: number): Step =>
  stay(keep(state, [...state.operations, { ...operation, state: 'failed', code, endedAt: now }]));

/** The carrier takes this order to stop the sound: from now on it is off because somebody wants it so. */
export function silences(state: Control, context: string, reply: OrderReply | undefined): boolean {
  const taken = reply?.outcome === 'asked' || reply?.outcome === 'done';
  return taken && find(state, context)?.order === 'stop-streaming';
}

/** The carrier's answer to the asking; undefined when it could not be asked at all. */
export function replied(state: Control, context: string, reply: OrderReply | undefined, now: number): Step {
  const operation = find(state, context);
  if (!operation || !waits(operation)) return stay(state);
  if (!reply) return stay(ended(state, operation, 'failed', now, 'unavailable'));
  if (reply.outcome === 'gone') return stay(ended(state, operation, 'failed', now, 'call-ended'));
  if (reply.outcome === 'refused')
    return stay(ended(state, operation, 'failed', now, `refused ${reply.status}/${reply.code}`));
  const { invitationId, recordingId } = reply;
  const known = invitationId === undefined ? operation : { ...operation, invitationId };
  const noted = change(recorded(state, operation, recordingId), known);
  const name = operation.first ?? operation.order;
  return reply.outcome === 'done' || atOnce(name) ? succeeded(noted, known, now) : stay(noted);
}

export interface OrderEnd {
  context: string;
  end: 'succeeded' | 'failed' | 'cancelled';
  code: number;
  subCode: number;
  label?: string;
}

/** The carrier tells how an order ended. What ended at once may still turn out to have failed. */
export function orderEnded(state: Control, event: OrderEnd, now: number): Step {
  const operation = find(state, event.context);
  if (!operation || operation.state === 'failed' || operation.state === 'cancelled') return stay(state);
  if (event.end === 'succeeded')
    return waits(operation)
      ? succeeded(state, event.label === undefined ? operation : { ...operation, label: event.label }, now)
      : stay(state);
  if (!waits(operation) && !atOnce(operation.order)) return stay(state);
  const code = `${event.code}/${event.subCode}`;
  return stay(ended(state, operation, event.end === 'cancelled' ? 'cancelled' : 'failed', now, code));
}

/** Sound that was ordered to start or stop tells of it without a context. */
export function streamingTold(
  state: Control,
  order: 'start-streaming' | 'stop-streaming',
  end: OrderEnd['end'],
  now: number,
): Control {
  return waiting(state)
    .filter(each => each.order === order && each.first === undefined)
    .reduce((left, { id }) => orderEnded(left, { context: id, end, code: 0, subCode: 0 }, now).state, state);
}

export function operationsAlarm(state: Control): number {
  return Math.min(...waiting(state).map(({ until }) => until ?? Number.POSITIVE_INFINITY));
}

/** Those the carrier has forgotten, or lost the report of. */
export function overdue(state: Control, now: number): Control {
  return waiting(state)
    .filter(({ until }) => until !== undefined && until <= now)
    .reduce((left, operation) => ended(left, operation, 'failed', now, 'unreported'), state);
}

/** The call is over, and with it all that was asked of it. */
export function cancelAll(state: Control, now: number): Control {
  return waiting(state).reduce((left, operation) => ended(left, operation, 'cancelled', now, 'call-ended'), state);
}

function succeeded(state: Control, operation: Operation, now: number): Step {
  const { id, after } = operation;
  if (!after) return stay(ended(state, operation, 'done', now));
  const { first: _first, after: _after, until: _until, ...rest } = operation;
  return act(change(state, lasting(rest, after, now)), { do: 'carry-out', order: after, context: id });
}

const beforeOf = (id: string): string => `${id}.before`;

function find(state: Control, context: string): Operation | undefined {
  return state.operations.find(({ id, first }) => context === (first === undefined ? id : beforeOf(id)));
}

function lasting(operation: Operation, order: Order, now: number): Operation {
  const ms = patience(order);
  return ms === undefined ? operation : { ...operation, until: now + ms };
}

function ended(state: Control, operation: Operation, as: Operation['state'], now: number, code?: string): Control {
  const { until: _until, after: _after, first: _first, ...rest } = operation;
  return change(state, { ...rest, state: as, endedAt: now, ...(code !== undefined && { code }) });
}

function change(state: Control, operation: Operation): Control {
  return keep(
    state,
    state.operations.map(each => (each.id === operation.id ? operation : each)),
  );
}

/** All that wait, and the newest of the others. */
function keep(state: Control, operations: Operation[]): Control {
  const over = operations.filter(each => !waits(each));
  const forgotten = new Set(over.slice(0, Math.max(0, over.length - mostKept)));
  return { ...state, operations: operations.filter(each => !forgotten.has(each)) };
}

function recorded(state: Control, { order, first }: Operation, recordingId: string | undefined): Control {
  const { recording } = state;
  if (first !== undefined) return state;
  if (order === 'start-recording' && recordingId !== undefined)
    return { ...state, recording: { recordingId, state: 'active' } };
  if (!recording) return state;
  if (order === 'pause-recording') return { ...state, recording: { ...recording, state: 'paused' } };
  if (order === 'resume-recording') return { ...state, recording: { ...recording, state: 'active' } };
  if (order === 'stop-recording') return { ...state, recording: { ...recording, state: 'inactive' } };
  return state;
}
