import type { HandoffStage } from '../../contracts/call-status.ts';
import type { Answer, HandoffAsk, HandoffMode, HandoffRecord } from '../../contracts/handoff.ts';
import { transferMs } from './operations.ts';
import { act, andThen, ask, type CallRules, type Control, living, type Step, stay, tellMedia } from './state.ts';

/**
 * Finding a person for the caller: the people asked one after the other, what became of each, and back to the agent when
 * nobody takes the call. How one person is asked is in `consult.ts` and `transfer.ts`.
 */
export interface Handoff {
  reason: string;
  summary: string;
  /** Of the call; absent: nobody said. */
  language?: string;
  targets: string[];
  mode: HandoffMode;
  at: number;
  /** Who is being asked, from 0. */
  target: number;
  stage: HandoffStage;
  /** Since when this one is being asked. */
  since: number;
  /** When this stage has lasted too long; absent: never. */
  until?: number;
  /** Of the order whose end this stage waits for. */
  context: string;
  /** Of the order that brings the person in, and what taking it back needs. */
  inviting?: string;
  invitationId?: string;
  /** Times the person has been asked for a key, or shown out. */
  tries: number;
  /** What to note of the one who is being shown out. */
  answer?: Answer;
  asked: HandoffRecord['asked'];
}

/** Somebody no longer wanted whose answer may still come: who comes in is shown out, who has the caller keeps them. */
export type Stray = { context: string } & (
  | { kind: 'add'; who: string }
  /** `of`: for the record, should it move the caller all the same. */
  | { kind: 'transfer'; of?: { reason: string; target: number; since: number } }
);

const mostStrays = 8;
/** The carrier rings no longer than it is told; its word may take this long, ms. */
const wordMs = 5_000;

/** Somebody is with the caller, and the agent has left. */
export const withPerson = (state: Control): boolean => state.handoff?.stage === 'with-person';
/** A person is sought: neither the agent's call nor anybody else's. */
export const seeking = (state: Control): boolean => state.handoff !== undefined && !withPerson(state);

export function asked(state: Control, wish: HandoffAsk, now: number, rules: CallRules): Step {
  if (state.handoff || state.hangUpBegun || state.held || state.life.transferred) return stay(state);
  if (state.life.phase !== 'connected') return stay({ ...state, wanted: wish });
  const { people } = rules;
  const handoff: Handoff = {
    reason: wish.reason,
    summary: wish.summary,
    ...(wish.language !== undefined && { language: wish.language }),
    targets: wish.targets ?? people.targets,
    mode: wish.mode ?? people.mode,
    ...{ at: now, target: 0, stage: 'ringing', since: now, context: '', tries: 0, asked: [] },
  };
  const { wanted: _wanted, ...rest } = state;
  return askTarget({ ...rest, handoff }, handoff, now, rules);
}

/** Asks the one whose turn it is, or gives the caller back when nobody is left. */
function askTarget(state: Control, handoff: Handoff, now: number, rules: CallRules): Step {
  const who = handoff.targets[handoff.target];
  if (who === undefined) return giveBack(state, 'nobody', now, rules);
  const told = {
    do: 'seek-person',
    stage: handoff.target === 0 ? 'ringing' : 'next',
    asking: handoff.target + 1,
    of: handoff.targets.length,
  } as const;
  const callerId = rules.ourNumber === undefined ? {} : { callerId: rules.ourNumber };
  const { ringSeconds } = rules.people;
  return andThen(tellMedia(state, told, now, rules), heard => {
    const {
      state: next,
      intents,
      context,
    } = handoff.mode === 'consult'
      ? ask(heard, { do: 'add', who, ringSeconds, ...callerId }, rules)
      : ask(heard, { do: 'transfer', to: who, ...callerId }, rules);
    const { invitationId: _invitationId, answer: _answer, ...rest } = handoff;
    const until = now + (handoff.mode === 'consult' ? ringSeconds * 1_000 + wordMs : transferMs);
    const stage = handoff.mode === 'consult' ? 'ringing' : 'transferring';
    return act(
      { ...next, handoff: { ...rest, stage, since: now, until, context, inviting: context, tries: 0 } },
      ...intents,
    );
  });
}

/** This one did not take the call: the next. */
export function nextTarget(state: Control, answer: Answer, now: number, rules: CallRules): Step {
  const { handoff } = state;
  if (!handoff) return stay(state);
  const next = { ...noted(handoff, answer, now), target: handoff.target + 1 };
  return askTarget({ ...strayed(state, handoff), handoff: next }, next, now, rules);
}

/** The caller has somebody: the agent leaves for good. */
export function handedOver(state: Control, now: number, rules: CallRules): Step {
  const { handoff } = state;
  if (!handoff) return stay(state);
  const done = noted(handoff, 'accepted', now);
  const record = recordOf(done, 'accepted');
  const { until: _until, ...rest } = done;
  const life = living(
    { ...state, handoff: { ...rest, stage: 'with-person' } },
    { type: 'handoff-ended', record, at: now },
    now,
  );
  return tellMedia({ ...life, media: { state: 'off', since: now } }, { do: 'leave' }, now, rules);
}

/** Nobody took the call, or nobody is wanted any longer. A call without sound has no agent to go back to. */
export function giveBack(state: Control, reason: 'nobody' | 'cancelled', now: number, rules: CallRules): Step {
  const { handoff } = state;
  if (!handoff) return stay(state);
  const record = recordOf(handoff, 'back-to-agent');
  const { handoff: _handoff, ...rest } = living(
    strayed(state, handoff),
    { type: 'handoff-ended', record, at: now },
    now,
  );
  if (state.media.state !== 'dead') return tellMedia(rest, { do: 'back-to-agent', reason }, now, rules);
  return stay(living(rest, { type: 'hang-up-asked', by: 'system', reason: 'media-lost', at: now }, now));
}

/** Whoever left, the call is over for the other one too. */
export function overWithPerson(state: Control, who: 'caller' | 'person' | 'one', now: number): Control {
  const by = who === 'caller' ? 'caller' : 'agent';
  return living(state, { type: 'hang-up-asked', by, reason: `${who}-left`, at: now }, now);
}

/** The call has ended: what was under way ends with it. */
export function closed(state: Control, now: number): Control {
  const { handoff, wanted: _wanted, ...rest } = state;
  if (!handoff || handoff.stage === 'with-person') return rest;
  const record = recordOf(noted(handoff, 'cancelled', now), 'caller-left');
  return living(rest, { type: 'handoff-ended', record, at: now }, now);
}

export function noted(handoff: Handoff, answer: Answer, now: number): Handoff {
  const one = { target: handoff.target + 1, answer, ms: Math.max(0, now - handoff.since) };
  return { ...handoff, asked: [...handoff.asked, one] };
}

export function recordOf(handoff: Handoff, outcome: HandoffRecord['outcome']): HandoffRecord {
  const { at, reason, mode, asked: answers } = handoff;
  return { at: new Date(at).toISOString(), reason, mode, asked: answers, outcome };
}

/** Remembers the asking, for an answer that comes too late. */
function strayed(state: Control, handoff: Handoff): Control {
  const { inviting: context, mode, reason, target, since } = handoff;
  const who = handoff.targets[target];
  if (context === undefined || who === undefined) return state;
  const stray: Stray =
    mode === 'transfer'
      ? { context, kind: 'transfer', of: { reason, target: target + 1, since } }
      : { context, kind: 'add', who };
  return { ...state, strays: [...state.strays, stray].slice(-mostStrays) };
}

/** @returns undefined when the context is no stray's. */
export function strayEnded(
  state: Control,
  context: string,
  end: 'succeeded' | 'failed' | 'cancelled',
  now: number,
  rules: CallRules,
): Step | undefined {
  const stray = state.strays.find(each => each.context === context);
  if (!stray) return undefined;
  const left = { ...state, strays: state.strays.filter(each => each !== stray) };
  if (end !== 'succeeded') return stay(left);
  if (stray.kind === 'transfer') return movedAway(acceptedLate(left, stray, now), now, rules);
  const back = withPerson(left) && left.handoff?.targets[left.handoff.target] === stray.who;
  if (back) return stay(left);
  const removal = ask(left, { do: 'remove', who: stray.who }, rules);
  return act(removal.state, ...removal.intents);
}

/** The carrier cannot call a transfer off: who takes one that was cancelled has the caller, and the record says so. */
function acceptedLate(state: Control, { of }: Extract<Stray, { kind: 'transfer' }>, now: number): Control {
  if (!of) return state;
  const { reason, target, since } = of;
  const record: HandoffRecord = {
    ...{ at: new Date(since).toISOString(), reason, mode: 'transfer', outcome: 'accepted' },
    asked: [{ target, answer: 'accepted', ms: Math.max(0, now - since) }],
  };
  return living(state, { type: 'handoff-ended', record, at: now }, now);
}

/** The carrier has moved the caller to somebody, wanted or not: our leg is about to end. */
export function movedAway(state: Control, now: number, rules: CallRules): Step {
  const gone: Control = { ...transferred(state, now), media: { state: 'off', since: now } };
  return tellMedia(gone, { do: 'leave' }, now, rules);
}

/** The carrier is asked about our leg a while after this. */
export function transferred(state: Control, now: number): Control {
  return { ...living(state, { type: 'transferred', at: now }, now), seenUpAt: now };
}
