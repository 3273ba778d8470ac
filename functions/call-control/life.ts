import type { LifeEvent } from '../../contracts/call-life.ts';
import { callerHungUp } from '../acs/unreached.ts';
import * as consult from './consult.ts';
import { withPerson } from './handoff.ts';
import type { Alarm } from './limits.ts';
import * as media from './media-recovery.ts';
import * as operations from './operations.ts';
import { act, type Control, type Intent, living, type SteerEvent, type Step, stay } from './state.ts';

/**
 * From ring to end, whatever order it is told in. An end is taken for what it says, except while a transfer is under way:
 * then it may be the transfer's doing, and the transfer's own word is waited for.
 */

/** An end that comes while a transfer is under way waits this long for the transfer's own word, ms. */
const transferWordMs = 1_000;

type Told = Extract<SteerEvent, { from: string }>;

/** Something of the call's own life is told. */
export function told(state: Control, event: Extract<Told, LifeEvent>, now: number): Step {
  switch (event.type) {
    case 'answer-failed':
      // Our own failure to answer says nothing once somebody has answered; ACS's AnswerFailed always counts.
      if (event.from === 'us' && state.life.phase !== 'ringing') return stay(state);
      break;
    case 'connected':
      return stay({ ...living(state, event, now), seenUpAt: now });
    case 'streaming-started':
      return stay(
        operations.streamingTold(
          media.started(living(state, event, now), event.at, now),
          'start-streaming',
          'succeeded',
          now,
        ),
      );
    case 'streaming-failed': {
      // A caller whose sound never reached anybody hears nothing and would hold the line for nothing.
      if (state.life.streamingAt === undefined && state.media.state === 'none')
        return stay({ ...state, doomed: `media-failed ${event.code}/${event.subCode}` });
      return stay(media.ended(operations.streamingTold(state, 'start-streaming', 'failed', now), event.at, now));
    }
    case 'participants': {
      const after = living(state, event, now);
      const news = after.life.participants?.sequence !== state.life.participants?.sequence;
      return news && after.handoff ? consult.peopleChanged(after, after.handoff, event.count, now) : stay(after);
    }
    case 'disconnected': {
      if (moving(state) && !callerHungUp(event.code, event.subCode) && !state.hangUpBegun)
        return stay({ ...state, held: state.held ?? { event: plain(event), until: now + transferWordMs } });
      break;
    }
  }
  return stay(living(state, plain(event), now));
}

/** A transfer is under way whose end would end our leg too. */
export const moving = (state: Control): boolean =>
  !state.life.transferred &&
  (state.handoff?.stage === 'transferring' ||
    operations.transferOrdered(state) ||
    state.strays.some(({ kind }) => kind === 'transfer'));

/** What is folded and kept is the event alone. */
function plain({ id: _id, from: _from, ...event }: Extract<Told, LifeEvent>): LifeEvent {
  return event as LifeEvent;
}

/** The life has waited long enough for something. */
export function overdue(state: Control, { what }: Alarm, now: number): Step {
  switch (what) {
    case 'answer':
      return act({ ...state, answerTried: true }, { do: 'answer' });
    case 'not-connected':
    case 'no-answer':
      return abandon(state, what, now);
    case 'look': {
      const who = withPerson(state) ? state.handoff?.targets[state.handoff.target] : undefined;
      const look = { do: 'look-up', why: 'routine' } as const;
      return act({ ...state, seenUpAt: now }, who === undefined ? look : { ...look, who });
    }
    case 'idle':
      return act({ ...state, media: { ...state.media, since: now } }, { do: 'look-up', why: 'idle' });
    case 'too-long':
      return stay(living(state, { type: 'hang-up-asked', by: 'system', reason: 'longest-call-reached', at: now }, now));
    case 'missing':
      return stay(endedUnreported(state, now));
    case 'held':
      return stay(state.held ? living(state, state.held.event, now) : state);
    case 'hang-up-unreported':
      return stay(living(state, { type: 'disconnected', code: 200, subCode: 7000, at: now }, now));
  }
}

/** The carrier no longer has the call, and has not said why. */
export function endedUnreported(state: Control, now: number): Control {
  const event: LifeEvent = state.life.transferred
    ? { type: 'disconnected', code: 200, subCode: 7000, at: now }
    : { type: 'abandoned', reason: 'ended-unreported', at: now };
  return living(state, event, now);
}

/** Ends the call for ourselves whatever the carrier says; it is told all the same. */
export function abandon(state: Control, reason: string, now: number): Step {
  const { callConnectionId } = state.life;
  const intents: Intent[] = callConnectionId === undefined ? [] : [{ do: 'hang-up' }];
  return act(living(state, { type: 'abandoned', reason, at: now }, now), ...intents);
}
