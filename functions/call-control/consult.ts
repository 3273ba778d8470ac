import type { Answer } from '../../contracts/handoff.ts';
import type { Look } from '../acs/look.ts';
import type { Order, OrderReply } from '../acs/orders.ts';
import { mayBeUnderWay, metSilence, unreached } from '../acs/unreached.ts';
import { acceptKey, brief, declineKey, keyPrompt } from './brief.ts';
import { giveBack, type Handoff, handedOver, nextTarget, noted, overWithPerson, withPerson } from './handoff.ts';
import { patience } from './operations.ts';
import { act, andThen, ask, type CallRules, type Control, type Step, stay, tellMedia } from './state.ts';

/**
 * One person, asked: rung into the call, told why, asked for a key. The next one is rung only when this one is known to be
 * out of the call, so that the caller never has two people on the line; what the carrier does not report it is asked.
 */

/** How long taking somebody out, or taking back a ring, may go unreported, ms. */
const outMs = 1_500;
const silenceSeconds = 8;
const mostTries = 2;

const who = ({ targets, target }: Handoff): string => targets[target] ?? '';

/** Asks for the end of something and waits in `stage` for it. */
function enter(
  state: Control,
  handoff: Handoff,
  stage: Handoff['stage'],
  order: Order,
  until: number,
  rules: CallRules,
): Step {
  const asked = ask(state, order, rules);
  return act({ ...asked.state, handoff: { ...handoff, stage, until, context: asked.context } }, ...asked.intents);
}

/** The carrier's answer to what this stage has asked. */
export function replied(
  state: Control,
  handoff: Handoff,
  reply: OrderReply | undefined,
  now: number,
  rules: CallRules,
): Step {
  if (reply?.outcome === 'asked' || reply?.outcome === 'done') {
    const { invitationId } = reply;
    return stay(invitationId === undefined ? state : { ...state, handoff: { ...handoff, invitationId } });
  }
  if (reply?.outcome === 'refused' && mayBeUnderWay(reply.code)) return stay(state);
  switch (handoff.stage) {
    case 'ringing':
      return nextTarget(state, 'failed', now, rules);
    case 'briefing':
      return askForKey(state, handoff, now, rules);
    case 'asking':
      return showOut(state, handoff, 'failed', now, rules);
    case 'removing':
      return reply ? nextTarget(state, handoff.answer ?? 'failed', now, rules) : stay(state);
    default:
      return stay(state);
  }
}

export interface StageEnd {
  context: string;
  end: 'succeeded' | 'failed' | 'cancelled';
  code: number;
  subCode: number;
  tones?: string;
}

/** An order of this handoff has ended. */
export function stageEnded(state: Control, handoff: Handoff, event: StageEnd, now: number, rules: CallRules): Step {
  const { end, code, subCode } = event;
  const succeeded = end === 'succeeded';
  if (event.context === handoff.inviting) {
    if (handoff.stage !== 'ringing' && handoff.stage !== 'withdrawing') return stay(state);
    // Who picks up just as the ring is taken back has picked up.
    if (succeeded) return tellBrief(state, handoff, now, rules);
    return nextTarget(state, handoff.stage === 'withdrawing' ? 'no-answer' : unreached(code, subCode), now, rules);
  }
  switch (handoff.stage) {
    case 'withdrawing':
      return succeeded ? nextTarget(state, 'no-answer', now, rules) : stay(state);
    case 'briefing':
      return askForKey(state, handoff, now, rules);
    case 'asking':
      if (succeeded) return keyPressed(state, handoff, event.tones ?? '', now, rules);
      return showOut(state, handoff, metSilence(subCode) ? 'voicemail' : 'failed', now, rules);
    case 'removing':
      return nextTarget(state, handoff.answer ?? 'failed', now, rules);
    default:
      return stay(state);
  }
}

/** The stage has lasted too long. */
export function stageOverdue(state: Control, handoff: Handoff, now: number, rules: CallRules): Step {
  switch (handoff.stage) {
    case 'ringing':
      return withdraw(state, handoff, now, rules);
    case 'briefing':
      return askForKey(state, handoff, now, rules);
    case 'asking':
      return showOut(state, handoff, 'voicemail', now, rules);
    case 'withdrawing':
    case 'removing':
      return act(
        { ...state, handoff: { ...handoff, until: now + outMs } },
        { do: 'look-up', why: 'person', who: who(handoff) },
      );
    default:
      return stay(state);
  }
}

/** The carrier was asked who is there. */
export function looked(state: Control, handoff: Handoff, look: Look, now: number, rules: CallRules): Step {
  const { people, present } = look;
  const alone = people !== undefined && people <= 2;
  switch (handoff.stage) {
    case 'withdrawing':
      return present ? tellBrief(state, handoff, now, rules) : nextTarget(state, 'no-answer', now, rules);
    case 'removing':
      return present && handoff.tries < mostTries
        ? showOut(state, handoff, handoff.answer ?? 'failed', now, rules)
        : nextTarget(state, handoff.answer ?? 'failed', now, rules);
    case 'briefing':
    case 'asking':
      if (present === false) return nextTarget(state, 'declined', now, rules);
      return stay(present && alone ? overWithPerson(state, 'caller', now) : state);
    case 'with-person':
      if (!alone) return stay(state);
      return stay(overWithPerson(state, present === undefined ? 'one' : present ? 'caller' : 'person', now));
    default:
      return stay(state);
  }
}

/** Somebody has come or gone. */
export function peopleChanged(state: Control, handoff: Handoff, count: number, now: number): Step {
  if (handoff.mode === 'transfer') return stay(state);
  const { stage } = handoff;
  if (count <= 1 && (stage === 'ringing' || stage === 'withdrawing')) return stay(overWithPerson(state, 'caller', now));
  const hasPerson = stage === 'briefing' || stage === 'asking' || withPerson(state);
  return count <= 2 && hasPerson ? act(state, { do: 'look-up', why: 'person', who: who(handoff) }) : stay(state);
}

/** Nobody is wanted any longer. What was asked may still be answered: that is a stray then. */
export function cancelled(state: Control, handoff: Handoff, now: number, rules: CallRules): Step {
  if (handoff.stage === 'with-person') return stay(state);
  const cleared = clear(state, handoff, rules);
  const done = noted(handoff, 'cancelled', now);
  return andThen(cleared, next => giveBack({ ...next, handoff: done }, 'cancelled', now, rules));
}

/** Takes back the ring, or shows the person out, and waits for nothing. */
export function clear(state: Control, handoff: Handoff, rules: CallRules): Step {
  const { stage, invitationId } = handoff;
  if (stage === 'ringing' && invitationId !== undefined)
    return ordering(state, { do: 'cancel-add', invitationId }, rules);
  if (stage === 'briefing' || stage === 'asking') return ordering(state, { do: 'remove', who: who(handoff) }, rules);
  return stay(state);
}

function ordering(state: Control, order: Order, rules: CallRules): Step {
  const asked = ask(state, order, rules);
  return act(asked.state, ...asked.intents);
}

function withdraw(state: Control, handoff: Handoff, now: number, rules: CallRules): Step {
  const { invitationId } = handoff;
  if (invitationId === undefined) return stageOverdue(state, { ...handoff, stage: 'withdrawing' }, now, rules);
  return enter(state, handoff, 'withdrawing', { do: 'cancel-add', invitationId }, now + outMs, rules);
}

function tellBrief(state: Control, handoff: Handoff, now: number, rules: CallRules): Step {
  const told = {
    do: 'seek-person',
    stage: 'briefing',
    asking: handoff.target + 1,
    of: handoff.targets.length,
  } as const;
  const source = brief(handoff.reason, handoff.summary, handoff.language);
  const order: Order = { do: 'play', source, to: who(handoff), loop: false };
  return andThen(tellMedia(state, told, now, rules), next =>
    enter(next, handoff, 'briefing', order, now + (patience(order) ?? 0), rules),
  );
}

function askForKey(state: Control, handoff: Handoff, now: number, rules: CallRules): Step {
  const order: Order = {
    ...{ do: 'recognise', what: 'dtmf', from: who(handoff), prompt: keyPrompt(handoff.language), interruptible: true },
    ...{ silenceSeconds, toneSeconds: 2, endSilenceMs: 1_000, mostTones: 1 },
  };
  const asking = { ...handoff, tries: handoff.stage === 'asking' ? handoff.tries + 1 : 1 };
  return enter(state, asking, 'asking', order, now + (patience(order) ?? 0), rules);
}

function keyPressed(state: Control, handoff: Handoff, key: string, now: number, rules: CallRules): Step {
  if (key === acceptKey) {
    return andThen(handedOver(state, now, rules), next => ordering(next, { do: 'stop-streaming' }, rules));
  }
  if (key !== declineKey && handoff.tries < mostTries) return askForKey(state, handoff, now, rules);
  return showOut(state, handoff, 'declined', now, rules);
}

/** Out of the call; the last one is not waited for, since the caller is. */
function showOut(state: Control, handoff: Handoff, answer: Answer, now: number, rules: CallRules): Step {
  const order: Order = { do: 'remove', who: who(handoff) };
  const tries = handoff.stage === 'removing' ? handoff.tries + 1 : 1;
  const leaving = enter(state, { ...handoff, answer, tries }, 'removing', order, now + outMs, rules);
  return handoff.target + 1 < handoff.targets.length
    ? leaving
    : andThen(leaving, next => nextTarget(next, answer, now, rules));
}
