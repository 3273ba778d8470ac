import { type Conversation, type ConversationEvent, type Step, stay } from './conversation-state.ts';
import { saidSoFar } from './end-of-turn.ts';
import { sought } from './seeking.ts';
import { broken } from './silence.ts';

/** A conversation that goes on: on another host, where it was cut; or with words that somebody else wants said. */

/** Nobody speaks, nobody is about to, and nothing is owed: the caller notices nothing that happens now. */
export function atRest(state: Conversation): boolean {
  const { phase, audible, soundSince, caller, unanswered, parted, prompting, keying, seeking } = state;
  if (phase !== 'listening' || audible || parted || keying || prompting !== undefined || seeking) return false;
  return soundSince === undefined && unanswered.length === 0 && saidSoFar(caller).text === '';
}

/** The first thing that happens here to a conversation that began elsewhere. */
export function onResume(
  state: Conversation,
  { at, turn, unanswered, speaks, seeking }: Extract<ConversationEvent, { type: 'resume' }>,
): Step {
  const epoch = state.epoch + 1;
  const known: Conversation = { ...state, epoch, turn, silence: broken(state.silence, at) };
  if (seeking) return spoken({ ...known, seeking: sought(seeking, unanswered, at) }, speaks);
  if (unanswered.length > 0) {
    const asks = { do: 'answer', epoch, turn, said: unanswered, final: true, noted: true } as const;
    const fills = speaks ? [{ do: 'fill', epoch, resumed: true } as const] : [];
    return { state: { ...known, phase: 'thinking', unanswered, asked: unanswered }, intents: [asks, ...fills] };
  }
  return spoken(known, speaks);
}

function spoken(state: Conversation, speaks: boolean): Step {
  if (!speaks) return stay(state);
  const { epoch, turn } = state;
  return {
    state: { ...state, phase: 'thinking', prompting: 'resumed' },
    intents: [{ do: 'prompt', epoch, turn, prompt: 'resumed' }],
  };
}

/** Words that are no part of an answer are said where nobody else speaks, and wait until then. */
export function onAnnounce(state: Conversation, at: number): Step {
  if (!atRest(state)) return stay(state);
  const epoch = state.epoch + 1;
  const silence = broken(state.silence, at);
  return {
    state: { ...state, phase: 'thinking', epoch, prompting: 'announcement', silence },
    intents: [{ do: 'prompt', epoch, turn: state.turn, prompt: 'announcement' }],
  };
}
