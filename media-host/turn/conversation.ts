import { onPlayed, onReady, released } from './agent-reply.ts';
import { onQuiet, onSound } from './caller-sound.ts';
import { onWords, voided } from './caller-words.ts';
import {
  andThen,
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  hears,
  type Step,
  stay,
} from './conversation-state.ts';
import { onSilence, silenceAt } from './dead-air.ts';
import { type EndOfTurn, type EndOfTurnRules, saidSoFar, turnEndsAt } from './end-of-turn.ts';
import { floorWakesAt } from './floor.ts';
import { onKey, onKeyed } from './keys.ts';
import { onEnd, parts, partsAt } from './parting.ts';
import { onAnnounce, onResume } from './resuming.ts';
import { comesBack, keeps, onSeek, onSeekEnded, standsBack } from './seeking.ts';
import { broken } from './silence.ts';
import { floorMoves } from './taking-floor.ts';

/**
 * The conversation: whose turn it is, what the caller said and what of it is still unanswered. A fold over events, with
 * time in them; what it wants done comes out as intents. Its first law: a final transcript is never dropped. Output can
 * be cancelled, what the caller said cannot. The parts it is made of know their own matter: `end-of-turn` when the caller
 * has finished, `floor` who may speak while the agent is audible, `silence` what to do when nobody does.
 */

export function converse(state: Conversation, event: ConversationEvent, rules: ConversationRules): Step {
  const { at } = event;
  const answered = andThen(react(state, event, rules), next => owed(next, at, rules));
  const parted = andThen(answered, next => parts(next, at, rules));
  return andThen(parted, next => comesBack(next, at, rules));
}

/** When the conversation has to be looked at again, should nothing happen. */
export function wakesAt(state: Conversation, at: number, rules: ConversationRules): number | undefined {
  const times = [
    state.audible || state.keying ? undefined : callerEndsAt(state.caller, rules.turn),
    state.audible ? floorWakesAt(state.floor, rules.floor) : undefined,
    state.acted && state.acted.at + rules.overdueMs,
    state.waits && !state.audible ? Math.max(at + 50, (state.soundSince ?? at) + rules.courtesyMs) : undefined,
    silenceAt(state, at, rules),
    partsAt(state, at, rules),
  ].filter(time => time !== undefined);
  return times.length === 0 ? undefined : Math.max(at + 1, Math.min(...times));
}

/** Judging words is the dearest thing here, and the same question is asked again after every event: one answer is kept. */
let judged: { caller: EndOfTurn; rules: EndOfTurnRules; at: number | undefined } | undefined;

function callerEndsAt(caller: EndOfTurn, rules: EndOfTurnRules): number | undefined {
  if (judged?.caller !== caller || judged.rules !== rules) judged = { caller, rules, at: turnEndsAt(caller, rules) };
  return judged.at;
}

function react(state: Conversation, event: ConversationEvent, rules: ConversationRules): Step {
  switch (event.type) {
    case 'greet': {
      const epoch = state.epoch + 1;
      const silence = broken(state.silence, event.at);
      return {
        state: { ...state, phase: 'thinking', epoch, silence, prompting: 'greeting' },
        intents: [{ do: 'greet', epoch }],
      };
    }
    case 'resume':
      return onResume(state, event);
    case 'announce':
      return onAnnounce(state, event.at);
    case 'sound':
      return onSound(state, event, rules);
    case 'quiet':
      return onQuiet(state, event.at, rules);
    case 'partial':
    case 'final':
      return onWords(state, event, rules);
    case 'no-match':
      return voided(state, event.at, rules);
    case 'dtmf':
      return onKey(state, event, rules);
    case 'keyed':
      return onKeyed(state, event, rules);
    case 'seek':
      return onSeek(state, event);
    case 'seek-ended':
      return onSeekEnded(state, event);
    case 'end':
      return onEnd(state, event);
    case 'reply-ready':
      return onReady(state, event, rules);
    case 'reply-played':
      return onPlayed(state, event, rules);
    case 'wake':
      return onWake(state, event, rules);
  }
}

function onWake(
  state: Conversation,
  { at, soundsUntil }: Extract<ConversationEvent, { type: 'wake' }>,
  rules: ConversationRules,
): Step {
  const moved = state.audible ? floorMoves(state, { type: 'wake', at }, rules) : stay(state);
  return andThen(moved, woken => {
    const overdue = woken.acted !== undefined && at - woken.acted.at >= rules.overdueMs;
    const next = overdue ? { ...woken, acted: undefined } : woken;
    return andThen(released(next, at, rules), out => onSilence(out, at, soundsUntil, rules));
  });
}

/** Whatever happened: a turn that is over is taken, and no sentence stays without an answer. */
function owed(state: Conversation, at: number, rules: ConversationRules): Step {
  if (state.audible || state.keying) return stay(state);
  if (state.keyed.length > 0) return take(state, at, rules);
  const due = callerEndsAt(state.caller, rules.turn);
  if (due !== undefined && at >= due) return take(state, at, rules);
  const forgotten = state.cutOff && state.unanswered.length > 0 && due === undefined;
  const silent = saidSoFar(state.caller).text === '' && state.soundSince === undefined;
  return forgotten && silent ? take(state, at, rules) : stay(state);
}

/** The caller's sentences join what is unanswered, and all of it gets one answer. */
function take(state: Conversation, at: number, rules: ConversationRules): Step {
  if (state.seeking && standsBack(state)) return keeps(state, state.seeking, at, rules);
  const { finals, open } = saidSoFar(state.caller);
  const said = [...state.unanswered, ...finals, ...state.keyed, ...(open === '' ? [] : [open])];
  if (said.length === 0) return stay(state);
  if (state.parted) return tooLate(state, said, at, rules);
  const turn = state.unanswered.length > 0 ? state.turn : state.turn + 1;
  const epoch = state.epoch + 1;
  const taken: Conversation = {
    ...hears(state, { type: 'taken', at }, rules),
    phase: 'thinking',
    epoch,
    turn,
    unanswered: said,
    asked: said,
    keyed: [],
    cutOff: false,
    acted: open === '' ? undefined : { text: open, at },
    waits: undefined,
    prompting: undefined,
  };
  return { state: taken, intents: [{ do: 'answer', epoch, turn, said, final: open === '' }] };
}

/** The call is being hung up: what is said into it is kept, and no answer could be heard. */
function tooLate(state: Conversation, said: readonly string[], at: number, rules: ConversationRules): Step {
  const turn = state.turn + 1;
  return {
    state: { ...hears(state, { type: 'taken', at }, rules), turn, unanswered: [], keyed: [], cutOff: false },
    intents: [{ do: 'note-caller', turn, said }],
  };
}
