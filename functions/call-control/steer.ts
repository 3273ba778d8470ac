import type { ControlEvent } from '../call-message.ts';
import * as consult from './consult.ts';
import * as handoff from './handoff.ts';
import * as life from './life.ts';
import { lifeAlarm } from './limits.ts';
import * as media from './media-recovery.ts';
import * as operations from './operations.ts';
import {
  act,
  andThen,
  type CallRules,
  type Control,
  living,
  type Outcome,
  type SteerEvent,
  type Step,
  stay,
} from './state.ts';
import * as transfer from './transfer.ts';
import { sayUnplayed } from './unplayed.ts';
import * as untold from './untold.ts';

/**
 * What a call does about whatever is reported of it: one event in, the state after it and what is to be done out. No clock
 * and no waiting: the orchestration brings the time, and carries the intents out in their order. Nothing follows the end.
 */

export function steer(state: Control, event: SteerEvent, now: number, rules: CallRules): Step {
  if (state.life.phase === 'ended') return stay(state);
  return settled(fold(state, event, now, rules), now, rules);
}

/** When `steer` wants to be told that time has passed, epoch milliseconds. */
export function alarmAt(state: Control, rules: CallRules): number {
  const until = state.held || state.hangUpBegun ? undefined : state.handoff?.until;
  return Math.min(
    lifeAlarm(state, rules).at,
    until ?? Number.POSITIVE_INFINITY,
    media.recoveryAlarm(state),
    operations.operationsAlarm(state),
    untold.untoldAlarm(state),
  );
}

function fold(state: Control, event: SteerEvent, now: number, rules: CallRules): Step {
  switch (event.type) {
    case 'began':
      return rules.direction === 'out' ? act({ ...state, answerTried: true }, { do: 'dial' }) : stay(state);
    case 'resumed':
    case 'alarm':
    case 'carried-out':
    case 'told-media':
    case 'looked':
    case 'host-asked':
    case 'hung-up':
      return outcome(state, event, now, rules);
    case 'answer-unclear':
      return stay(state.life.phase === 'ringing' ? { ...state, unclearSince: state.unclearSince ?? now } : state);
    case 'ordered':
      return operations.ordered(state, event.id, event.order, event.before, now);
    case 'order-ended':
      return orderEnded(state, event, now, rules);
    case 'telling-asked':
      return operations.wished(state, event.id, event.wish, now);
    case 'handoff-asked':
      return handoff.asked(state, event.ask, now, rules);
    case 'handoff-cancelled': {
      const { wanted: _wanted, ...rest } = state;
      return state.handoff ? consult.cancelled(state, state.handoff, now, rules) : stay(rest);
    }
    case 'streaming-stopped': {
      const told = operations.streamingTold(state, 'stop-streaming', 'succeeded', now);
      const wanted = operations.waiting(told).length < operations.waiting(state).length;
      return stay(wanted ? media.switchedOff(told, now) : media.ended(told, event.at, now));
    }
    case 'host-lost':
      return stay(media.hostLost(state, event.hostId, event.at, now));
    case 'recording':
      return stay(recorded(state, event));
    default:
      return life.told(state, event, now);
  }
}

function outcome(state: Control, event: Outcome, now: number, rules: CallRules): Step {
  switch (event.type) {
    case 'resumed':
      return act(state, { do: 'look-up', why: 'routine' });
    case 'alarm':
      return timePassed(state, now, rules);
    case 'hung-up':
      if (!event.gone) return stay({ ...state, hangUpAt: now });
      return stay(living(state, { type: 'disconnected', code: 200, subCode: 7000, at: now }, now));
    case 'carried-out':
      return carriedOut(state, event, now, rules);
    case 'told-media':
      return stay(untold.told(state, event.message, event.reached, now));
    case 'host-asked':
      return media.hostAsked(state, event.hostId, event.silent, now, rules);
    default:
      return looked(state, event as Extract<Outcome, { type: 'looked' }>, now, rules);
  }
}

function carriedOut(
  state: Control,
  event: Extract<Outcome, { type: 'carried-out' }>,
  now: number,
  rules: CallRules,
): Step {
  const { context, reply } = event;
  const known = reply?.outcome === 'gone' ? { ...state, missingSince: state.missingSince ?? now } : state;
  const { handoff: under } = known;
  const ofMedia = media.replied(known, context, reply, now, rules);
  if (ofMedia) return ofMedia;
  if (under?.context === context)
    return under.stage === 'transferring'
      ? transfer.replied(known, reply, now, rules)
      : consult.replied(known, under, reply, now, rules);
  const silent = operations.silences(known, context, reply) ? media.switchedOff(known, now) : known;
  return operations.replied(silent, context, reply, now);
}

type OrderEnded = Extract<ControlEvent, { type: 'order-ended' }>;

function orderEnded(state: Control, event: OrderEnded, now: number, rules: CallRules): Step {
  const { context, end } = event;
  const { handoff: under } = state;
  const ofMedia = media.orderEnded(state, context, now, rules);
  if (ofMedia) return ofMedia;
  if (under && (under.context === context || under.inviting === context))
    return under.mode === 'transfer'
      ? transfer.stageEnded(state, under, event, now, rules)
      : consult.stageEnded(state, under, event, now, rules);
  const ofStray = handoff.strayEnded(state, context, end, now, rules);
  if (ofStray) return ofStray;
  const transfers = operations.transferOrdered(state);
  return andThen(operations.orderEnded(state, event, now), next => {
    const moved = transfers && !operations.transferOrdered(next) && end === 'succeeded';
    return moved ? handoff.movedAway(next, now, rules) : stay(next);
  });
}

/** The carrier calls a pause `inactive` too, and says so late: while we have paused it, only our own order ends the pause. */
function recorded(state: Control, event: Extract<ControlEvent, { type: 'recording' }>): Control {
  const { recordingId } = event;
  return state.recording?.state === 'paused' ? state : { ...state, recording: { recordingId, state: event.state } };
}

function looked(state: Control, event: Extract<Outcome, { type: 'looked' }>, now: number, rules: CallRules): Step {
  const { why, look } = event;
  const seen = { ...state, seenUpAt: now };
  if (look && !look.up) {
    if (why === 'routine') return stay(life.endedUnreported(state, now));
    return stay({ ...state, missingSince: state.missingSince ?? now });
  }
  const { handoff: under } = seen;
  switch (why) {
    case 'media':
      return media.looked(seen, look, now, rules);
    case 'person':
      return under ? consult.looked(seen, under, look ?? { up: true }, now, rules) : stay(seen);
    case 'idle':
      if (look?.streaming) return stay(media.started({ ...seen, media: { ...seen.media, state: 'lost' } }, now, now));
      // Without the agent, those who were rung in are company to each other.
      if ((seen.life.participants?.count ?? 0) > 2) return stay(seen);
      return stay(living(seen, { type: 'hang-up-asked', by: 'system', reason: 'idle', at: now }, now));
    case 'routine':
      return under && look && handoff.withPerson(seen) ? consult.looked(seen, under, look, now, rules) : stay(seen);
  }
}

/** Everything whose time has come; the life first, since it may end all else. */
function timePassed(state: Control, now: number, rules: CallRules): Step {
  const alarm = lifeAlarm(state, rules);
  if (alarm.at <= now) return life.overdue(state, alarm, now);
  const cleared = stay(operations.overdue(state, now));
  const heard = andThen(cleared, next =>
    media.recoveryAlarm(next) <= now ? media.overdue(next, now, rules) : stay(next),
  );
  const said = andThen(heard, next => untold.overdue(next, now));
  return andThen(said, next => {
    const under = next.handoff;
    if (under?.until === undefined || under.until > now || next.hangUpBegun) return stay(next);
    return under.stage === 'transferring'
      ? transfer.stageOverdue(next, now, rules)
      : consult.stageOverdue(next, under, now, rules);
  });
}

/** What follows from how things stand, whichever event has led there. */
function settled(step: Step, now: number, rules: CallRules): Step {
  const over = andThen(step, state => ending(state, now));
  if (over.state.life.phase === 'ended')
    return { ...over, state: operations.cancelAll(handoff.closed(over.state, now), now) };
  const left = andThen(over, state =>
    state.life.hangUpAsked && !state.hangUpBegun ? hangUp(state, rules) : stay(state),
  );
  const told = andThen(left, state =>
    state.life.phase === 'connected' && !state.noted ? act({ ...state, noted: true }, { do: 'note' }) : stay(state),
  );
  const said = andThen(told, state => sayUnplayed(state, now, rules));
  return andThen(said, state =>
    state.wanted && state.life.phase === 'connected' ? handoff.asked(state, state.wanted, now, rules) : stay(state),
  );
}

/** The end that had to wait for something, and no longer has to. */
function ending(state: Control, now: number): Step {
  if (state.life.phase === 'ended') return stay(state);
  if (state.held && !life.moving(state)) return stay(living(state, state.held.event, now));
  return state.doomed !== undefined && state.life.callConnectionId !== undefined
    ? life.abandon(state, state.doomed, now)
    : stay(state);
}

/** For everyone on the call; a phone that rings for it would not know. */
function hangUp(state: Control, rules: CallRules): Step {
  if (state.life.callConnectionId === undefined) return stay(state);
  const cleared = state.handoff?.stage === 'ringing' ? consult.clear(state, state.handoff, rules) : stay(state);
  return andThen(cleared, next => act({ ...next, hangUpBegun: true }, { do: 'hang-up' }));
}
