import type { ControlMessage } from '../../contracts/control.ts';
import type { Patience } from '../resilience/patience.ts';
import { wishEnded } from './operations.ts';
import { act, type Control, type Step, stay } from './state.ts';

/**
 * What the media host must come to know although the way to it was closed: told again, later each time, while the call
 * goes on with everything else. The message keeps its id, so what did arrive is not heard twice.
 */
export interface Untold {
  message: ControlMessage;
  /** Times it could not be told. */
  failed: number;
  /** When it is told again. */
  until: number;
}

/** A minute: after that nobody on the phone still waits for it. */
export const telling: Patience = { attempts: 8, firstMs: 1_000, factor: 2, longestMs: 15_000 };

const mustArrive: ReadonlySet<ControlMessage['do']> = new Set(['leave', 'back-to-agent', 'say', 'move']);
/** Of a search for a person only the newest word is true. */
const ofSearch: ReadonlySet<ControlMessage['do']> = new Set(['seek-person', 'leave', 'back-to-agent']);

/** The way to the media host was tried. */
export function told(state: Control, message: ControlMessage, reached: boolean, now: number): Control {
  const { id } = message;
  const failed = (state.untold.find(each => each.message.id === id)?.failed ?? 0) + 1;
  const others = state.untold.filter(
    each => each.message.id !== id && !(ofSearch.has(message.do) && ofSearch.has(each.message.do)),
  );
  const left = { ...state, untold: others };
  if (reached) return wishEnded(left, id, 'done', now);
  if (!mustArrive.has(message.do) || failed >= telling.attempts) return wishEnded(left, id, 'failed', now);
  return { ...state, untold: [...others, { message, failed, until: now + waitMs(failed) }] };
}

/** A call that is ending has nothing more to say to its agent. */
export function untoldAlarm({ untold, life, hangUpBegun }: Control): number {
  if (life.phase !== 'connected' || hangUpBegun) return Number.POSITIVE_INFINITY;
  return Math.min(...untold.map(({ until }) => until));
}

export function overdue(state: Control, now: number): Step {
  if (untoldAlarm(state) > now) return stay(state);
  const due = state.untold.filter(({ until }) => until <= now);
  const untold = state.untold.map(each => (due.includes(each) ? { ...each, until: now + telling.longestMs } : each));
  return act({ ...state, untold }, ...due.map(({ message }) => ({ do: 'tell-media', message }) as const));
}

const waitMs = (failed: number): number =>
  Math.min(telling.longestMs, telling.firstMs * telling.factor ** (failed - 1));
