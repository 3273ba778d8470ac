import {
  type EndOfTurn,
  type EndOfTurnRules,
  endOfTurn,
  nothingSaid,
  reconcile,
  saidSoFar,
  turnEndsAt,
} from './end-of-turn.ts';
import { disputeFloor, type Floor, type FloorMove, type FloorRules, floorWakesAt, undisputed } from './floor.ts';
import { floorMeaning } from './floor-words.ts';
import {
  broken,
  type Prompt,
  promptAt,
  prompted,
  type Silence,
  type SilenceRules,
  unbroken,
  voiced,
  worded,
} from './silence.ts';

/**
 * The conversation: whose turn it is, what the caller said and what of it is still unanswered. A fold over events, with
 * time in them; what it wants done comes out as intents. Its first law: a final transcript is never dropped. Output can
 * be cancelled, what the caller said cannot. The parts it is made of know their own matter: `end-of-turn` when the caller
 * has finished, `floor` who may speak while the agent is audible, `silence` what to do when nobody does.
 */
export type Phase = 'listening' | 'thinking' | 'speaking';

export interface Conversation {
  phase: Phase;
  /** Some of the agent's sound is out and not yet played, be it an answer or words that fill a wait. */
  audible: boolean;
  /** Grows with everything that makes running output stale; every job, delta and frame carries the one it was made in. */
  epoch: number;
  /** Number of the turn being answered or spoken; 0 is the greeting. */
  turn: number;
  /** Sentences of the caller that no answer has begun to sound for, oldest first. */
  unanswered: readonly string[];
  /** Their answer was cut off by words that may come to nothing: then they are asked about again. */
  cutOff: boolean;
  /** What the caller has said of a turn that is not over. */
  caller: EndOfTurn;
  /** All that was asked about in the turn, and the words of it that recognition has not called final. */
  asked: readonly string[];
  acted: { text: string; at: number } | undefined;
  /** Words said over the agent that did not take the floor. */
  over: { finals: readonly string[]; partial: string };
  /** "Yes" over the end of a question is an answer after all. */
  aside: { text: string; at: number } | undefined;
  floor: Floor;
  silence: Silence;
  /** The caller sounds: since when, and until when it was last heard. */
  soundSince: number | undefined;
  soundUntil: number;
  /** The reply has sound but the caller is speaking. */
  replyWaits: boolean;
  /** The agent speaks unasked; after a goodbye the call ends. */
  prompting: Prompt | 'greeting' | undefined;
  /** The goodbye was heard. */
  parted: boolean;
}

export type ConversationEvent = { at: number } & (
  | { type: 'greet' }
  /** A window of the caller's sound, louder than any echo of ours. */
  | { type: 'sound'; ms: number; voice: boolean; protected?: boolean }
  /** The caller's sound has ended. */
  | { type: 'quiet' }
  /**
   * Words so far of the phrase being said. `unsaid`: on a line that echoes, those the agent has not said itself.
   * `protected`: over a statement that must be heard.
   */
  | { type: 'partial'; text: string; unsaid?: string; protected?: boolean }
  | { type: 'final'; text: string; unsaid?: string; protected?: boolean }
  /** Recognition heard something that is no speech: what was partial is void. */
  | { type: 'no-match' }
  | { type: 'dtmf' }
  /** The first sound of a reply is there; `filler`: of words that fill a wait. */
  | { type: 'reply-ready'; epoch: number; filler?: boolean }
  /** All of a reply has been played, or there was nothing to play. `question`: it ended by asking. */
  | { type: 'reply-played'; epoch: number; question?: boolean }
  /** The time of `wakesAt` has come. `soundsUntil`: when the sound that was sent will have been played. */
  | { type: 'wake'; soundsUntil?: number | undefined }
);

export type Intent =
  | { do: 'greet'; epoch: number }
  /** Answer all of `said`. Whatever ran for an older epoch is to be cancelled. `final`: recognition has closed all of it. */
  | { do: 'answer'; epoch: number; turn: number; said: readonly string[]; final: boolean }
  /** What was answered was really said like this. */
  | { do: 'correct'; turn: number; said: string }
  /** Let the reply's sound out. */
  | { do: 'speak'; epoch: number }
  | { do: 'lower-voice' }
  | { do: 'raise-voice' }
  /** Fall silent at once, but keep the sentence. */
  | { do: 'hold-voice' }
  /** Go on with the sentence from the word that was cut. */
  | { do: 'give-back' }
  /** Barge-in: empty our queue and ACS's at once. `epoch` is the new one. */
  | { do: 'stop-speaking'; epoch: number; by: 'voice' | 'dtmf' }
  /** Words over the agent that took no floor. */
  | { do: 'note-aside'; turn: number; text: string }
  /** Say something while the caller waits for the reply. */
  | { do: 'fill'; epoch: number }
  | { do: 'prompt'; epoch: number; turn: number; prompt: Prompt }
  | { do: 'hang-up' };

export interface ConversationRules {
  turn: EndOfTurnRules;
  floor: FloorRules;
  silence: SilenceRules;
  language: string;
  words: { stop: readonly string[]; backchannel: readonly string[] };
  /** A reply that is ready waits so long for a caller who sounds without words. @default 1500 */
  courtesyMs: number;
  /** Words acted upon are taken as final when no final has come for so long. @default 5000 */
  overdueMs: number;
  /** "Yes" so long before the end of a question answers it. @default 1500 */
  asideMs: number;
}

export const listening: Conversation = {
  phase: 'listening',
  audible: false,
  epoch: 0,
  turn: 0,
  unanswered: [],
  cutOff: false,
  caller: nothingSaid,
  asked: [],
  acted: undefined,
  over: { finals: [], partial: '' },
  aside: undefined,
  floor: undisputed,
  silence: unbroken,
  soundSince: undefined,
  soundUntil: 0,
  replyWaits: false,
  prompting: undefined,
  parted: false,
};

interface Step {
  state: Conversation;
  intents: readonly Intent[];
}

const stay = (state: Conversation): Step => ({ state, intents: [] });
/** Goes on from where the step came to. */
const then = (step: Step, next: (state: Conversation) => Step): Step => {
  const after = next(step.state);
  return { state: after.state, intents: [...step.intents, ...after.intents] };
};

export function converse(state: Conversation, event: ConversationEvent, rules: ConversationRules): Step {
  return then(react(state, event, rules), next => owed(next, event.at, rules));
}

/** When the conversation has to be looked at again, should nothing happen. */
export function wakesAt(state: Conversation, at: number, rules: ConversationRules): number | undefined {
  const times = [
    state.audible ? undefined : callerEndsAt(state.caller, rules.turn),
    state.audible ? floorWakesAt(state.floor, rules.floor) : undefined,
    state.acted && state.acted.at + rules.overdueMs,
    state.replyWaits ? Math.max(at + 50, (state.soundSince ?? at) + rules.courtesyMs) : undefined,
    silenceAt(state, at, rules),
  ].filter(time => time !== undefined);
  return times.length === 0 ? undefined : Math.max(at + 1, Math.min(...times));
}

/** Judging words is the dearest thing here, and the same question is asked again after every event: one answer is kept. */
let asked: { caller: EndOfTurn; rules: EndOfTurnRules; at: number | undefined } | undefined;

function callerEndsAt(caller: EndOfTurn, rules: EndOfTurnRules): number | undefined {
  if (asked?.caller !== caller || asked.rules !== rules) asked = { caller, rules, at: turnEndsAt(caller, rules) };
  return asked.at;
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
    case 'sound':
      return onSound(state, event, rules);
    case 'quiet':
      return onQuiet(state, event.at, rules);
    case 'partial':
      return event.text.trim() === '' ? stay(state) : onPartial(words(state, event.at, rules), event, rules);
    case 'final':
      return event.text.trim() === ''
        ? voided(state, event.at, rules)
        : onFinal(words(state, event.at, rules), event, rules);
    case 'no-match':
      return voided(state, event.at, rules);
    case 'dtmf':
      return state.phase === 'speaking'
        ? yields(pressed(state, event.at), 'dtmf', event.at, rules)
        : stay(pressed(state, event.at));
    case 'reply-ready':
      return onReady(state, event, rules);
    case 'reply-played':
      return onPlayed(state, event, rules);
    case 'wake':
      return onWake(state, event, rules);
  }
}

const pressed = (state: Conversation, at: number): Conversation => ({ ...state, silence: worded(state.silence, at) });

/** Words come after they were said: the silence began where the sound that brought them ended. */
const words = (state: Conversation, at: number, { turn }: ConversationRules): Conversation => {
  const { soundSince, soundUntil } = state;
  const over = soundSince === undefined && at - soundUntil < 2 * turn.sttLagMs;
  return { ...state, silence: worded(state.silence, over ? Math.min(at, soundUntil) : at) };
};

const hears = (
  state: Conversation,
  event: Parameters<typeof endOfTurn>[1],
  rules: ConversationRules,
): Conversation => ({
  ...state,
  caller: endOfTurn(state.caller, event, rules.turn),
});

const meaningOf = (text: string, { language, words: own }: ConversationRules) => floorMeaning(text, language, own);

function onSound(
  state: Conversation,
  event: Extract<ConversationEvent, { type: 'sound' }>,
  rules: ConversationRules,
): Step {
  const { at, ms, voice } = event;
  const began = state.soundSince === undefined;
  const heard: Conversation = {
    ...state,
    soundSince: state.soundSince ?? at - ms,
    soundUntil: at,
    silence: voice ? voiced(state.silence, at, ms) : broken(state.silence, at),
  };
  if (!state.audible) {
    return stay(began ? hears(heard, { type: 'voice', on: true, at: at - ms }, rules) : heard);
  }
  return event.protected ? stay(heard) : floorMoves(heard, { type: 'sound', at, ms, voice }, rules);
}

const longestWindowMs = 40;

function onQuiet(state: Conversation, at: number, rules: ConversationRules): Step {
  if (state.soundSince === undefined) return stay(state);
  // Nobody tells of sound that merely goes on while the agent is silent: it went on until the window before this one.
  const endedAt = Math.min(at, Math.max(state.soundUntil, at - longestWindowMs));
  const silence = state.audible ? state.silence : voiced(state.silence, endedAt, endedAt - state.soundSince);
  const quiet: Conversation = { ...state, silence, soundSince: undefined, soundUntil: endedAt };
  return released(hears(quiet, { type: 'voice', on: false, at: endedAt }, rules), at, rules);
}

/** A reply that waited for the caller goes out once the caller is silent. */
const released = (state: Conversation, at: number, rules: ConversationRules): Step =>
  state.replyWaits && !callerBusy(state, at, rules) ? speak(state) : stay(state);

type Words = Extract<ConversationEvent, { type: 'partial' | 'final' }>;

function onPartial(before: Conversation, { at, ...event }: Words, rules: ConversationRules): Step {
  const known = before.acted && isNewPhrase(before.acted.text, event.text) ? { ...before, acted: undefined } : before;
  const late = known.acted && reconcile(known.acted.text, event.text, rules.language);
  // A hypothesis may still change its mind about words that were answered; their final will tell.
  if (late && late.verdict !== 'longer') return stay(known);
  const { state, text } = late ? reopened(known, event.text, late.more) : { state: known, text: event.text };
  if (!state.audible) return stay(hears(state, { type: 'partial', text, at }, rules));
  const over = { ...state, over: { ...state.over, partial: text } };
  if (event.protected) return stay(over);
  return then(floorMoves(over, wordsOver(event.unsaid ?? late?.more ?? text, at, rules), rules), next =>
    stay(next.audible ? next : hears(next, { type: 'partial', text, at }, rules)),
  );
}

function onFinal(before: Conversation, { at, ...event }: Words, rules: ConversationRules): Step {
  const late = before.acted && reconcile(before.acted.text, event.text, rules.language);
  if (late?.verdict === 'same') return confirmed(before, event.text);
  const closed: Conversation = { ...before, acted: undefined };
  const { state, text } = late
    ? reopened(closed, event.text, late.verdict === 'longer' ? late.more : event.text)
    : { state: closed, text: event.text };
  if (!state.audible) return stay(hears(state, { type: 'final', text, at }, rules));
  const words = wordsOver(event.unsaid ?? text, at, rules);
  const over = { finals: state.over.finals, partial: '' };
  const moved = event.protected ? stay(state) : floorMoves(state, words, rules);
  return then({ ...moved, state: { ...moved.state, over } }, next => {
    if (!next.audible) return stay(hears(next, { type: 'final', text, at }, rules));
    if (words.meaning === 'backchannel' && !event.protected) {
      return { state: { ...next, aside: { text, at } }, intents: [{ do: 'note-aside', turn: next.turn, text }] };
    }
    return stay({ ...next, over: { finals: [...over.finals, text], partial: '' } });
  });
}

/** Not even the first word is that of the phrase that was answered: its final was lost. */
function isNewPhrase(acted: string, text: string): boolean {
  const first = (words: string) => /[\p{L}\p{N}]+/u.exec(words.toLowerCase())?.[0];
  return first(acted) !== first(text);
}

const wordsOver = (text: string, at: number, rules: ConversationRules) => ({
  type: 'words' as const,
  at,
  meaning: meaningOf(text, rules),
  count: text.trim().split(/\s+/).length,
});

/**
 * The caller had not finished when the answer was asked for. Nothing of it was heard yet: the whole phrase is taken again,
 * in the same turn. It sounds already: only `more` is new, until the phrase is over.
 */
function reopened(state: Conversation, text: string, more: string): { state: Conversation; text: string } {
  if (state.phase !== 'thinking' || state.unanswered.length === 0) return { state, text: more };
  const unanswered = state.unanswered.slice(0, -1);
  const turn = unanswered.length === 0 ? state.turn - 1 : state.turn;
  return { state: { ...state, acted: undefined, unanswered, turn }, text };
}

/** Recognition has closed the words that were answered, in its own spelling. */
function confirmed(state: Conversation, text: string): Step {
  const asked = [...state.asked.slice(0, -1), text];
  const unanswered = state.unanswered.length > 0 ? [...state.unanswered.slice(0, -1), text] : [];
  return {
    state: { ...state, acted: undefined, asked, unanswered },
    intents: [{ do: 'correct', turn: state.turn, said: asked.join(' ') }],
  };
}

/** What was partial turned out to be no speech: a reply that waited for it may go. */
function voided(state: Conversation, at: number, rules: ConversationRules): Step {
  const closed: Conversation = { ...state, acted: undefined, over: { ...state.over, partial: '' } };
  const heard = hears(closed, { type: 'no-match', at }, rules);
  const moved = state.audible ? floorMoves(heard, { type: 'no-match', at }, rules) : stay(heard);
  return then(moved, next => released(next, at, rules));
}

function onReady(
  state: Conversation,
  { epoch, at, filler = false }: Extract<ConversationEvent, { type: 'reply-ready' }>,
  rules: ConversationRules,
): Step {
  if (epoch !== state.epoch || state.phase !== 'thinking') return stay(state);
  if (filler) {
    if (callerBusy(state, at, rules)) return stay(state);
    return { state: { ...state, audible: true, floor: undisputed }, intents: [{ do: 'speak', epoch }] };
  }
  if (state.audible || !callerBusy(state, at, rules)) return speak(state);
  return stay({ ...state, replyWaits: true });
}

/** The caller is in the middle of something: words that are not taken yet, or sound that may become words. */
function callerBusy(state: Conversation, at: number, rules: ConversationRules): boolean {
  if (saidSoFar(state.caller).text !== '') return true;
  return state.soundSince !== undefined && at - state.soundSince < rules.courtesyMs;
}

function speak(state: Conversation): Step {
  return {
    state: {
      ...state,
      phase: 'speaking',
      audible: true,
      unanswered: [],
      replyWaits: false,
      floor: undisputed,
      over: { ...state.over, partial: '' },
      aside: undefined,
    },
    intents: [{ do: 'speak', epoch: state.epoch }],
  };
}

function onPlayed(
  state: Conversation,
  { epoch, at, question = false }: Extract<ConversationEvent, { type: 'reply-played' }>,
  rules: ConversationRules,
): Step {
  if (epoch !== state.epoch || state.phase === 'listening') return stay(state);
  const { over, aside, prompting } = state;
  const spoke = state.audible || state.phase === 'speaking';
  const listens: Conversation = {
    ...state,
    phase: 'listening',
    audible: false,
    replyWaits: false,
    floor: undisputed,
    over: { finals: [], partial: '' },
    aside: undefined,
    prompting: undefined,
    silence: spoke ? broken(state.silence, at) : state.silence,
    // A reply of which nothing could be spoken has answered nothing.
    unanswered: state.phase === 'speaking' ? [] : state.unanswered,
  };
  const answers = question && aside && at - aside.at <= rules.asideMs ? [aside.text] : [];
  const heard = [...over.finals, ...answers].reduce(
    (next, text) => hears(next, { type: 'final', text, at }, rules),
    listens,
  );
  const next = over.partial === '' ? heard : hears(heard, { type: 'partial', text: over.partial, at }, rules);
  const speaks =
    next.soundSince === undefined ? next : hears(next, { type: 'voice', on: true, at: next.soundSince }, rules);
  if (prompting !== 'goodbye' || saidSoFar(speaks.caller).text !== '') return stay(speaks);
  return { state: { ...speaks, parted: true }, intents: [{ do: 'hang-up' }] };
}

function stop(state: Conversation, by: 'voice' | 'dtmf'): Step {
  const epoch = state.epoch + 1;
  return {
    state: {
      ...state,
      phase: 'listening',
      audible: false,
      epoch,
      // While the agent still thought, the caller's sentences are unanswered; once it spoke, they are answered.
      unanswered: state.phase === 'thinking' ? state.unanswered : [],
      cutOff: state.phase === 'thinking',
      replyWaits: false,
      floor: undisputed,
      prompting: undefined,
    },
    intents: [{ do: 'stop-speaking', epoch, by }],
  };
}

const deeds = {
  lower: { do: 'lower-voice' },
  raise: { do: 'raise-voice' },
  hold: { do: 'hold-voice' },
  'give-back': { do: 'give-back' },
} as const satisfies Record<Exclude<FloorMove, 'stop'>, Intent>;

function floorMoves(state: Conversation, event: Parameters<typeof disputeFloor>[1], rules: ConversationRules): Step {
  const { floor, move } = disputeFloor(state.floor, event, rules.floor);
  const next = { ...state, floor };
  if (move === undefined) return stay(next);
  if (move !== 'stop') return { state: next, intents: [deeds[move]] };
  return yields(next, 'voice', event.at, rules);
}

const yields = (state: Conversation, by: 'voice' | 'dtmf', at: number, rules: ConversationRules): Step =>
  then(stop(state, by), stopped => stay(overheard(stopped, at, rules)));

/** Words said over the agent before it stopped belong to the turn that begins. */
function overheard(state: Conversation, at: number, rules: ConversationRules): Conversation {
  const heard = state.over.finals.reduce((next, text) => hears(next, { type: 'final', text, at }, rules), state);
  const speaks =
    state.soundSince === undefined ? heard : hears(heard, { type: 'voice', on: true, at: state.soundSince }, rules);
  return { ...speaks, over: { finals: [], partial: '' }, aside: undefined };
}

function onWake(
  state: Conversation,
  { at, soundsUntil }: Extract<ConversationEvent, { type: 'wake' }>,
  rules: ConversationRules,
): Step {
  const moved = state.audible ? floorMoves(state, { type: 'wake', at }, rules) : stay(state);
  return then(moved, woken => {
    const overdue = woken.acted !== undefined && at - woken.acted.at >= rules.overdueMs;
    const next = overdue ? { ...woken, acted: undefined } : woken;
    if (next.replyWaits && !callerBusy(next, at, rules)) return speak(next);
    return onSilence(next, at, soundsUntil, rules);
  });
}

/** Whatever happened: a turn that is over is taken, and no sentence stays without an answer. */
function owed(state: Conversation, at: number, rules: ConversationRules): Step {
  if (state.audible) return stay(state);
  const due = callerEndsAt(state.caller, rules.turn);
  if (due !== undefined && at >= due) return take(state, at, rules);
  const forgotten = state.cutOff && state.unanswered.length > 0 && due === undefined;
  const silent = saidSoFar(state.caller).text === '' && state.soundSince === undefined;
  return forgotten && silent ? take(state, at, rules) : stay(state);
}

/** The caller's sentences join what is unanswered, and all of it gets one answer. */
function take(state: Conversation, at: number, rules: ConversationRules): Step {
  const { finals, open } = saidSoFar(state.caller);
  const said = [...state.unanswered, ...finals, ...(open === '' ? [] : [open])];
  if (said.length === 0) return stay(state);
  const turn = state.unanswered.length > 0 ? state.turn : state.turn + 1;
  const epoch = state.epoch + 1;
  const taken: Conversation = {
    ...hears(state, { type: 'taken', at }, rules),
    phase: 'thinking',
    epoch,
    turn,
    unanswered: said,
    asked: said,
    cutOff: false,
    acted: open === '' ? undefined : { text: open, at },
    replyWaits: false,
    prompting: undefined,
  };
  return { state: taken, intents: [{ do: 'answer', epoch, turn, said, final: open === '' }] };
}

const pollMs = 1000;

/** When a silence becomes too long. */
function silenceAt(state: Conversation, at: number, rules: ConversationRules): number | undefined {
  if (state.epoch === 0 || state.parted) return undefined;
  if (state.phase === 'listening') {
    if (saidSoFar(state.caller).text !== '') return undefined;
    return promptDue(state, rules).at;
  }
  return state.audible ? at + pollMs : state.silence.since + rules.silence.holdAfterMs;
}

/** Who sounds is not silent, and may still be understood. */
function promptDue({ silence, soundSince }: Conversation, { silence: rules }: ConversationRules) {
  if (soundSince === undefined) return promptAt(silence, rules);
  const { longestSoundMs } = rules;
  const { prompt } = promptAt({ ...silence, wordlessMs: silence.wordlessMs + longestSoundMs }, rules);
  return { at: Math.max(silence.since, soundSince) + longestSoundMs, prompt };
}

function onSilence(state: Conversation, at: number, soundsUntil: number | undefined, rules: ConversationRules): Step {
  if (state.phase !== 'listening') {
    const since = state.audible ? Math.max(soundsUntil ?? at, state.silence.since) : state.silence.since;
    if (at - since < rules.silence.holdAfterMs || state.floor.stance === 'held') return stay(state);
    return { state: { ...state, silence: broken(state.silence, at) }, intents: [{ do: 'fill', epoch: state.epoch }] };
  }
  if (state.parted) return stay(state);
  const { at: due, prompt } = promptDue(state, rules);
  if (at < due || saidSoFar(state.caller).text !== '') return stay(state);
  const epoch = state.epoch + 1;
  return {
    state: {
      ...state,
      phase: 'thinking',
      epoch,
      prompting: prompt,
      silence: prompted(state.silence, at, prompt),
    },
    intents: [{ do: 'prompt', epoch, turn: state.turn, prompt }],
  };
}
