import { type Cancels, wantsNobody } from './cancel-words.ts';
import {
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  callerBusy,
  hears,
  type Step,
  stay,
} from './conversation-state.ts';
import { saidSoFar } from './end-of-turn.ts';
import { undisputed } from './floor.ts';
import { broken } from './silence.ts';

/**
 * The conversation while a person is sought for the caller: the agent answers nothing, says what is true before a silence
 * grows long, and keeps what the caller says. Who wants nobody any more, or whom nobody took, is with the agent again.
 */
export interface Seeking {
  /** `wanted`: asked for, nothing is known yet. `withdrawn`: the caller wants nobody, and the control plane may not know. */
  stage: SeekingStage | 'withdrawn';
  asking: number;
  of: number;
  /** Lines said in this stage. */
  lines: number;
  /** When the control plane was last heard. */
  toldAt: number;
  /** What the caller said meanwhile. */
  kept: readonly string[];
  /** It is over; the agent says so once nobody speaks. */
  ended: BackReason | undefined;
  /** The control plane has said itself that it is over. */
  confirmed: boolean;
}

export type SeekingStage = 'wanted' | 'ringing' | 'briefing' | 'next';

/** `refused`: the control plane would not. `unheard`: it has said nothing for too long. */
export type BackReason = 'nobody' | 'person-left' | 'cancelled' | 'refused' | 'unheard';

/** What is to be said: the `n`th time in its stage, from 0. */
export interface SeekingLine {
  stage: SeekingStage;
  n: number;
  asking: number;
  of: number;
}

/** A telephone rings for three minutes at most. Who hears nothing for longer will hear nothing more. */
const unheardMs = 200_000;

/** The agent has no part in the conversation now. */
export function standsBack({ seeking }: Conversation): boolean {
  return seeking !== undefined && (seeking.stage !== 'withdrawn' || seeking.ended !== undefined);
}

/** A search that is under way as far as this host knows. */
export const sought = (
  { stage, asking, of }: Pick<SeekingLine, 'stage' | 'asking' | 'of'>,
  kept: readonly string[],
  at: number,
): Seeking => ({ stage, asking, of, lines: 0, toldAt: at, kept, ended: undefined, confirmed: false });

export function onSeek(state: Conversation, event: Extract<ConversationEvent, { type: 'seek' }>): Step {
  const { stage, asking, of, at } = event;
  const before = state.seeking;
  if (state.parted || (before?.stage === 'withdrawn' && stage !== 'wanted')) return stay(state);
  if (!before || before.stage === 'withdrawn') return begins(state, sought(event, [], at), event.epoch);
  const same = before.stage === stage && before.asking === asking && before.of === of;
  // That the next one is tried is still to be said, and says that it rings.
  const implied = before.stage === 'next' && before.lines === 0 && stage === 'ringing';
  const seeking = { ...before, asking, of, toldAt: at, ended: undefined };
  return stay({ ...state, seeking: same || implied ? seeking : { ...seeking, stage, lines: 0 } });
}

/** A reply that is being made is given up, unless it was the one that asked; what is being said is said to its end. */
function begins(state: Conversation, seeking: Seeking, askedIn: number | undefined): Step {
  const kept = askedIn === state.epoch ? [] : state.unanswered;
  const next: Conversation = {
    ...state,
    unanswered: [],
    cutOff: false,
    prompting: undefined,
    seeking: { ...seeking, kept },
  };
  if (state.phase !== 'thinking' || askedIn === state.epoch) return stay(next);
  const epoch = state.epoch + 1;
  return {
    state: { ...next, phase: 'listening', audible: false, waits: undefined, floor: undisputed, epoch },
    intents: [{ do: 'give-up-reply', epoch }],
  };
}

export function onSeekEnded(state: Conversation, { reason }: Extract<ConversationEvent, { type: 'seek-ended' }>): Step {
  const { seeking } = state;
  if (!seeking) return stay(state);
  if (seeking.stage !== 'withdrawn') return stay({ ...state, seeking: { ...seeking, ended: reason, confirmed: true } });
  return stay({ ...state, seeking: seeking.ended ? { ...seeking, confirmed: true } : undefined });
}

/** What the caller has said now is kept; it may end the search. */
export function keeps(state: Conversation, seeking: Seeking, at: number, rules: ConversationRules): Step {
  const { finals, open } = saidSoFar(state.caller);
  const said = [...finals, ...state.keyed, ...(open === '' ? [] : [open])];
  if (said.length === 0) return stay(state);
  const turn = state.turn + 1;
  const cancels = said.map((text): Cancels => wantsNobody(text, rules.language));
  const wanted = said.filter((_, i) => cancels[i] !== 'only');
  const gone = cancels.some(cancel => cancel !== 'no') && seeking.stage !== 'withdrawn' && !seeking.ended;
  const kept = [...seeking.kept, ...wanted];
  const next: Conversation = {
    ...hears(state, { type: 'taken', at }, rules),
    turn,
    asked: said,
    keyed: [],
    acted: open === '' ? undefined : { text: open, at },
    seeking: gone ? { ...seeking, kept, stage: 'withdrawn', ended: 'cancelled' } : { ...seeking, kept },
  };
  return {
    state: next,
    intents: [{ do: 'note-caller', turn, said }, ...(gone ? [{ do: 'cancel-person' } as const] : [])],
  };
}

/** The search is over and nobody speaks: the agent says so, and answers what was said meanwhile. */
export function comesBack(state: Conversation, at: number, rules: ConversationRules): Step {
  const { seeking, audible, phase } = state;
  if (!seeking?.ended || audible || phase === 'speaking' || callerBusy(state, at, rules)) return stay(state);
  const { ended: reason, kept, stage, confirmed } = seeking;
  const epoch = state.epoch + 1;
  const waitsForWord = stage === 'withdrawn' && !confirmed;
  return {
    state: {
      ...state,
      phase: 'thinking',
      epoch,
      unanswered: kept,
      waits: undefined,
      floor: undisputed,
      prompting: kept.length > 0 ? undefined : 'returned',
      silence: broken(state.silence, at),
      seeking: waitsForWord ? { ...seeking, kept: [], ended: undefined } : undefined,
    },
    intents: [{ do: 'return', epoch, turn: state.turn, said: kept, reason }],
  };
}

/** When something has to be said, or looked at again; the agent is listening. */
export function seekingAt(state: Conversation, seeking: Seeking, at: number, rules: ConversationRules) {
  const { soundSince, silence, audible, keying } = state;
  if (saidSoFar(state.caller).text !== '' || audible) return undefined;
  if (keying) return at + 100;
  if (seeking.ended) return soundSince === undefined ? at : Math.max(at + 50, soundSince + rules.courtesyMs);
  const fresh = seeking.lines === 0 && seeking.stage !== 'wanted';
  if (soundSince === undefined) return fresh ? at : silence.since + rules.silence.holdAfterMs;
  return Math.max(silence.since, soundSince) + rules.silence.longestSoundMs;
}

export function onSeekingSilence(state: Conversation, seeking: Seeking, at: number, rules: ConversationRules): Step {
  const due = seekingAt(state, seeking, at, rules);
  if (due === undefined || at < due || seeking.ended || seeking.stage === 'withdrawn') return stay(state);
  if (at - seeking.toldAt >= unheardMs)
    return { state: { ...state, seeking: { ...seeking, ended: 'unheard' } }, intents: [{ do: 'cancel-person' }] };
  const { stage, asking, of, lines } = seeking;
  const epoch = state.epoch + 1;
  return {
    state: {
      ...state,
      phase: 'thinking',
      epoch,
      prompting: 'seeking',
      silence: broken(state.silence, at),
      seeking: { ...seeking, lines: lines + 1 },
    },
    intents: [{ do: 'say-seeking', epoch, turn: state.turn, line: { stage, n: lines, asking, of } }],
  };
}
