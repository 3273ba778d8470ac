import {
  type EndOfTurn,
  type EndOfTurnEvent,
  type EndOfTurnRules,
  endOfTurn,
  nothingSaid,
  saidSoFar,
} from './end-of-turn.ts';
import { type Floor, type FloorRules, undisputed } from './floor.ts';
import type { Parting } from './parting.ts';
import type { BackReason, Seeking, SeekingLine, SeekingStage } from './seeking.ts';
import { type Prompt, type Silence, type SilenceRules, unbroken } from './silence.ts';

/** What a conversation is made of: its state, what happens to it, what it wants done, and the rules it goes by. */
export type Phase = 'listening' | 'thinking' | 'speaking';

/** What the agent says of its own accord, beside what a silence calls for. */
export type Unasked = 'resumed' | 'announcement';

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
  /** When words of the caller were last told. */
  wordsAt: number;
  /** The caller sounds: since when, and until when it was last heard. */
  soundSince: number | undefined;
  soundUntil: number;
  /** The reply has sound but the caller is speaking; `filler`: only words that fill a wait have. */
  waits: 'answer' | 'filler' | undefined;
  /** The agent speaks unasked; after a goodbye the call ends. */
  prompting: Prompt | Unasked | 'greeting' | 'seeking' | 'returned' | undefined;
  /** The agent ends the call with the reply of this epoch. */
  parting: Parting | undefined;
  /** The goodbye was heard. */
  parted: boolean;
  /** The caller is pressing keys that will be one answer. */
  keying: boolean;
  /** What keys have said of a turn that is not taken yet. */
  keyed: readonly string[];
  /** A person is sought for the caller, or was until just now. */
  seeking: Seeking | undefined;
}

export type ConversationEvent = { at: number } & (
  | { type: 'greet' }
  /**
   * Instead of a greeting: the conversation goes on here behind `turn`. `unanswered`: of the caller's words in it. `speaks`:
   * the agent has something to say of its own accord.
   */
  | {
      type: 'resume';
      turn: number;
      unanswered: readonly string[];
      speaks: boolean;
      /** A person is being sought: what is unanswered is kept. */
      seeking?: Pick<SeekingLine, 'stage' | 'asking' | 'of'> | undefined;
    }
  /** Somebody has words to be said; heeded only where the conversation is at rest. */
  | { type: 'announce' }
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
  /** A key was pressed: the first or next of an answer, one that a tool of the reply waits for, or one that says nothing. */
  | { type: 'dtmf'; how?: 'answer' | 'wanted' }
  /** Keys have made an answer. */
  | { type: 'keyed'; text: string }
  /** A person is sought. `epoch`: of the reply that asked for it. */
  | { type: 'seek'; stage: SeekingStage; asking: number; of: number; epoch?: number }
  | { type: 'seek-ended'; reason: BackReason }
  /** The reply of this epoch ends the call; `heard`: all that it says before has been. */
  | { type: 'end'; epoch: number; reason: string; heard: boolean }
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
  | {
      do: 'answer';
      epoch: number;
      turn: number;
      said: readonly string[];
      final: boolean;
      /** The journal has these words. */
      noted?: true;
    }
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
  | { do: 'fill'; epoch: number; resumed?: true }
  | { do: 'prompt'; epoch: number; turn: number; prompt: Prompt | Unasked }
  /** Falls silent for the keys that come; the reply goes on. */
  | { do: 'skip-words' }
  /** What the caller said is kept and not answered now. */
  | { do: 'note-caller'; turn: number; said: readonly string[] }
  /** A reply that is being made is not wanted any more. */
  | { do: 'give-up-reply'; epoch: number }
  | { do: 'say-seeking'; epoch: number; turn: number; line: SeekingLine }
  /** Nobody is to be sought any more. */
  | { do: 'cancel-person' }
  /** The agent has the caller again: it says why, and answers `said`, which the journal has. */
  | { do: 'return'; epoch: number; turn: number; said: readonly string[]; reason: BackReason }
  | { do: 'hang-up' }
  /** The agent ends the call. */
  | { do: 'end-call'; epoch: number; turn: number; reason: string };

export interface ConversationRules {
  turn: EndOfTurnRules;
  floor: FloorRules;
  silence: SilenceRules;
  language: string;
  words: { stop: readonly string[]; backchannel: readonly string[] };
  /** A reply that is ready waits so long for a caller who sounds without words: a hypothesis takes no longer. @default 800 */
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
  wordsAt: Number.NEGATIVE_INFINITY,
  soundSince: undefined,
  soundUntil: 0,
  waits: undefined,
  prompting: undefined,
  parting: undefined,
  parted: false,
  keying: false,
  keyed: [],
  seeking: undefined,
};

export interface Step {
  state: Conversation;
  intents: readonly Intent[];
}

export const stay = (state: Conversation): Step => ({ state, intents: [] });

/** Goes on from where the step came to. */
export const andThen = (step: Step, next: (state: Conversation) => Step): Step => {
  const after = next(step.state);
  return { state: after.state, intents: [...step.intents, ...after.intents] };
};

/** The caller's turn has heard something more. */
export const hears = (state: Conversation, event: EndOfTurnEvent, rules: ConversationRules): Conversation => ({
  ...state,
  caller: endOfTurn(state.caller, event, rules.turn),
});

/** The caller is in the middle of something: words that are not taken yet, or sound that may become words. */
export function callerBusy(state: Conversation, at: number, rules: ConversationRules): boolean {
  if (state.keying || saidSoFar(state.caller).text !== '') return true;
  return state.soundSince !== undefined && at - state.soundSince < rules.courtesyMs;
}
