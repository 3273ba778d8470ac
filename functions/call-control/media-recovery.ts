import type { MediaState } from '../../contracts/call-status.ts';
import type { Look } from '../acs/look.ts';
import type { OrderReply } from '../acs/orders.ts';
import { asked as personAsked, seeking } from './handoff.ts';
import { act, andThen, ask, type CallRules, type Control, living, type Step, stay } from './state.ts';

/**
 * The call's sound, when it is lost in mid-call: the carrier is given a moment to bring it back or to say that the call is
 * over, then it is asked how things stand and told to start again. Sound that flows to a host which neither beats nor
 * answers is stopped first: a frozen host keeps its sockets. A caller whose sound stays away is told so and handed to a
 * person, or released.
 */
export interface Media {
  state: MediaState;
  since: number;
  /** The carrier's own time of the last start: what happened before it is about the sound before it. */
  startedAt?: number;
  lostAt?: number;
  /** When something must be done about it. */
  until?: number;
  /** Of the start, the stop, or the apology, whose end is awaited. */
  context?: string;
  /** The host that fell silent; `frozen`: it was asked, and did not answer. */
  host?: { id: string; frozen: boolean };
}

/** After it said that the sound has ended, the carrier may yet say that the call has: a hang-up closes the sound first. */
export const endWaitMs = 1_000;
/** A host that fell silent: its sockets may be coming back elsewhere. */
export const hostWaitMs = 2_000;
/** From the loss on the sound must be back within this, ms. */
export const windowMs = 7_000;
/** A start that failed is tried again after this: the host may be starting too. */
const againMs = 500;
/** The carrier tells within this that it has stopped, ms. */
export const stopMs = 1_500;
const apologyMs = 15_000;
/** A host that is given up late: the call may have found another one since. */
const settledMs = 10_000;

export const apology = 'I am sorry, there is a technical problem on our side.';

/** Somebody wanted it so. */
export const switchedOff = (state: Control, now: number): Control => ({
  ...state,
  media: { state: 'off', since: now },
});

export function started(state: Control, at: number, now: number): Control {
  const { media } = state;
  if (media.state === 'off' && state.handoff) return state;
  const startedAt = Math.max(at, media.startedAt ?? at);
  return { ...state, media: { state: 'on', since: media.state === 'on' ? media.since : now, startedAt } };
}

/** @param at the carrier's own time; a report of the sound before the present one changes nothing. */
export function ended(state: Control, at: number, now: number): Control {
  const { media } = state;
  if (media.state === 'on') return at < (media.startedAt ?? 0) ? state : lost(state, now, now + endWaitMs);
  if (media.state !== 'restarting') return state;
  // What we have stopped ourselves can be started at once.
  return { ...state, media: { ...waiting(media), until: media.host?.frozen ? now : now + againMs } };
}

export function hostLost(state: Control, hostId: string, at: number, now: number): Control {
  const { media, life } = state;
  if (media.state !== 'on') return state;
  const cameBack = media.startedAt !== life.streamingAt && at - (media.startedAt ?? 0) < settledMs;
  if (cameBack) return state;
  const without = lost(state, now, now + hostWaitMs);
  return { ...without, media: { ...without.media, host: { id: hostId, frozen: false } } };
}

function lost(state: Control, now: number, until: number): Control {
  const { startedAt } = state.media;
  const media: Media = { state: 'lost', since: now, lostAt: now, until };
  return { ...state, media: startedAt === undefined ? media : { ...media, startedAt } };
}

function waiting({ context: _context, ...media }: Media): Media {
  return { ...media, state: 'lost' };
}

/** A call that is ending needs no sound. */
export function recoveryAlarm({ media, life, hangUpBegun, held }: Control): number {
  const isUp = life.phase === 'connected' && !hangUpBegun && held === undefined;
  return isUp ? (media.until ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
}

export function overdue(state: Control, now: number, rules: CallRules): Step {
  const { media } = state;
  if (media.state === 'dead') return apologised(state, now, rules);
  if (now >= (media.lostAt ?? now) + windowMs) return apologise(state, now, rules);
  if (media.state === 'restarting') return act({ ...state, media: { ...waiting(media), until: now + againMs } });
  const { until: _until, ...rest } = media;
  return act({ ...state, media: rest }, { do: 'look-up', why: 'media' });
}

/** @param look undefined when the carrier could not be asked: then it is told to start all the same. */
export function looked(state: Control, look: Look | undefined, now: number, rules: CallRules): Step {
  if (state.media.state !== 'lost') return stay(state);
  if (look?.streaming) return flowing(state, now, rules);
  const { state: next, intents, context } = ask(state, { do: 'start-streaming' }, rules);
  const until = Math.max(now + againMs, (state.media.lostAt ?? now) + windowMs);
  return act({ ...next, media: { ...state.media, state: 'restarting', context, until } }, ...intents);
}

/** The carrier brings the sound to somebody; where that is a host that fell silent, the host is asked. */
function flowing(state: Control, now: number, rules: CallRules): Step {
  const { host } = state.media;
  if (!host) return stay(started(state, now, now));
  return host.frozen ? leaveHost(state, now, rules) : act(state, { do: 'ask-host', hostId: host.id });
}

/** @param silent undefined when it could not be found out: then it is believed to live. */
export function hostAsked(
  state: Control,
  hostId: string,
  silent: boolean | undefined,
  now: number,
  rules: CallRules,
): Step {
  const { media } = state;
  if (media.state !== 'lost' || media.host?.id !== hostId) return stay(state);
  if (!silent) return stay(started(state, now, now));
  // From here on the window counts: what passed before was spent on finding out.
  return leaveHost({ ...state, media: { ...media, host: { id: hostId, frozen: true }, lostAt: now } }, now, rules);
}

/** The address of the sound is that of the answer: stopped and started, it leads to whichever host lives. */
function leaveHost(state: Control, now: number, rules: CallRules): Step {
  const { state: next, intents, context } = ask(state, { do: 'stop-streaming' }, rules);
  return act({ ...next, media: { ...state.media, state: 'restarting', context, until: now + stopMs } }, ...intents);
}

/** @returns undefined when the context is not of the sound. */
export function replied(
  state: Control,
  context: string,
  reply: OrderReply | undefined,
  now: number,
  rules: CallRules,
): Step | undefined {
  const { media } = state;
  if (media.context !== context) return undefined;
  if (reply?.outcome === 'asked' || reply?.outcome === 'done') return stay(state);
  if (media.state === 'dead') return apologised(state, now, rules);
  return stay({ ...state, media: { ...waiting(media), until: now + 2 * againMs } });
}

/** @returns undefined when the context is not of the sound. */
export function orderEnded(state: Control, context: string, now: number, rules: CallRules): Step | undefined {
  const { media } = state;
  if (media.context !== context) return undefined;
  return media.state === 'dead' ? apologised(state, now, rules) : stay(state);
}

function apologise(state: Control, now: number, rules: CallRules): Step {
  // A host that thaws is not to speak to somebody who is being handed on.
  const left = state.media.host?.frozen ? ask(state, { do: 'stop-streaming' }, rules) : stay(state);
  return andThen(left, heard => {
    const { state: next, intents, context } = ask(heard, { do: 'play', source: { text: apology }, loop: false }, rules);
    return act({ ...next, media: { state: 'dead', since: now, context, until: now + apologyMs } }, ...intents);
  });
}

/** Whoever is sought already will do; without anybody to ask, the caller is not kept in silence. */
function apologised(state: Control, now: number, rules: CallRules): Step {
  const dead: Control = { ...state, media: { state: 'dead', since: state.media.since } };
  if (seeking(dead)) return stay(dead);
  if (rules.people.targets.length > 0)
    return andThen(stay(dead), next =>
      personAsked(next, { reason: 'media-lost', summary: '', mode: 'transfer' }, now, rules),
    );
  return stay(living(dead, { type: 'hang-up-asked', by: 'system', reason: 'media-lost', at: now }, now));
}
