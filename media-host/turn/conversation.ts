/**
 * Who has the floor, and which of the caller's sentences are still unanswered. A fold: event and time in, state and
 * intents out. Its first law: a final transcript is never dropped. Output can be cancelled; what the caller said cannot,
 * so finals that arrive while the agent is thinking join the same turn.
 */
export type Phase = 'listening' | 'thinking' | 'speaking';

export interface Conversation {
  phase: Phase;
  /** Grows with everything that makes running output stale; every job, delta and frame carries the one it was made in. */
  epoch: number;
  /** Number of the turn being answered or spoken; 0 is the greeting. */
  turn: number;
  /** Finals not yet answered, oldest first. */
  unanswered: readonly string[];
  /** Words of the caller heard but not yet final. */
  partial: string;
  /** When the caller was last heard to speak; decides how long a reply that is ready waits. */
  heardAt: number;
  /** The reply has sound but the caller is speaking. */
  replyWaits: boolean;
}

export type ConversationEvent = { at: number } & (
  | { type: 'greet' }
  | { type: 'partial'; text: string }
  | { type: 'final'; text: string }
  /** Recognition heard something that is no speech: what was partial is void. */
  | { type: 'no-match' }
  | { type: 'dtmf' }
  /** The first sound of a reply is there. */
  | { type: 'reply-ready'; epoch: number }
  /** All of a reply has been played, or there was nothing to play. */
  | { type: 'reply-played'; epoch: number }
  /** Time asked for by a `wake-at` has come. */
  | { type: 'wake' }
);

export type Intent =
  | { do: 'greet'; epoch: number }
  /** Answer all of `said`. Whatever ran for an older epoch is to be cancelled. */
  | { do: 'answer'; epoch: number; turn: number; said: readonly string[] }
  /** Let the reply's sound out. */
  | { do: 'speak'; epoch: number }
  /** Barge-in: empty our queue and ACS's at once. `epoch` is the new one. */
  | { do: 'stop-speaking'; epoch: number; by: 'voice' | 'dtmf' }
  | { do: 'wake-at'; at: number };

export interface ConversationRules {
  /** A reply that is ready waits this long after the caller's last partial. @default 1200 */
  courtesyMs: number;
  /** Partial words that get neither a final nor a successor for this long are taken as said. @default 3000 */
  overdueMs: number;
}

export const defaultRules: ConversationRules = { courtesyMs: 1200, overdueMs: 3000 };

export const silent: Conversation = {
  phase: 'listening',
  epoch: 0,
  turn: 0,
  unanswered: [],
  partial: '',
  heardAt: 0,
  replyWaits: false,
};

interface Step {
  state: Conversation;
  intents: Intent[];
}

const stay = (state: Conversation): Step => ({ state, intents: [] });

export function converse(state: Conversation, event: ConversationEvent, rules: ConversationRules = defaultRules): Step {
  switch (event.type) {
    case 'greet': {
      const epoch = state.epoch + 1;
      return { state: { ...state, phase: 'thinking', epoch }, intents: [{ do: 'greet', epoch }] };
    }
    case 'partial': {
      if (event.text.trim() === '') return stay(state);
      const next = { ...state, partial: event.text, heardAt: event.at };
      const wake: Intent = { do: 'wake-at', at: event.at + rules.overdueMs };
      if (state.phase !== 'speaking') return { state: next, intents: [wake] };
      const stopped = stop(next, 'voice');
      return { state: stopped.state, intents: [...stopped.intents, wake] };
    }
    case 'final':
      return event.text.trim() === '' ? voided(state) : take(state, event.text, event.at);
    case 'no-match':
      return voided(state);
    case 'dtmf':
      return state.phase === 'speaking' ? stop(state, 'dtmf') : stay(state);
    case 'reply-ready': {
      if (event.epoch !== state.epoch || state.phase !== 'thinking') return stay(state);
      if (state.partial === '') return speak(state);
      return {
        state: { ...state, replyWaits: true },
        intents: [{ do: 'wake-at', at: state.heardAt + rules.courtesyMs }],
      };
    }
    case 'reply-played':
      if (event.epoch !== state.epoch || state.phase === 'listening') return stay(state);
      return stay({ ...state, phase: 'listening', replyWaits: false });
    case 'wake': {
      if (state.partial !== '' && event.at - state.heardAt >= rules.overdueMs)
        return take(state, state.partial, event.at);
      if (state.replyWaits && event.at - state.heardAt >= rules.courtesyMs) return speak(state);
      return stay(state);
    }
  }
}

/** The caller's sentence joins what is unanswered, and all of it gets one answer. */
function take(state: Conversation, text: string, at: number): Step {
  const interrupting = state.phase === 'speaking';
  const stopped = interrupting ? stop(state, 'voice') : { state, intents: [] };
  // While the agent still thought, its sentences are unanswered too; once it spoke, they are answered.
  const said = [...stopped.state.unanswered, text];
  const thinking = stopped.state.phase === 'thinking' && stopped.state.unanswered.length > 0;
  const turn = thinking ? stopped.state.turn : stopped.state.turn + 1;
  const epoch = stopped.state.epoch + 1;
  return {
    state: {
      ...stopped.state,
      phase: 'thinking',
      epoch,
      turn,
      unanswered: said,
      partial: '',
      heardAt: at,
      replyWaits: false,
    },
    intents: [...stopped.intents, { do: 'answer', epoch, turn, said }],
  };
}

function stop(state: Conversation, by: 'voice' | 'dtmf'): Step {
  const epoch = state.epoch + 1;
  return {
    state: { ...state, phase: 'listening', epoch, unanswered: [], replyWaits: false },
    intents: [{ do: 'stop-speaking', epoch, by }],
  };
}

function speak(state: Conversation): Step {
  return {
    state: { ...state, phase: 'speaking', unanswered: [], replyWaits: false },
    intents: [{ do: 'speak', epoch: state.epoch }],
  };
}

/** What was partial turned out to be no speech: a reply that waited for it may go. */
function voided(state: Conversation): Step {
  const next = { ...state, partial: '' };
  return state.replyWaits ? speak(next) : stay(next);
}
