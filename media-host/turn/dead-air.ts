import { type Conversation, type ConversationRules, callerBusy, type Step, stay } from './conversation-state.ts';
import { saidSoFar } from './end-of-turn.ts';
import { onSeekingSilence, seekingAt, standsBack } from './seeking.ts';
import { broken, promptAt, prompted } from './silence.ts';

/** When nobody does anything: how long that may last in this conversation, and what is done then. */
const pollMs = 1000;
const againMs = 100;

/** When a silence becomes too long. */
export function silenceAt(state: Conversation, at: number, rules: ConversationRules): number | undefined {
  if (state.epoch === 0 || state.parted) return undefined;
  if (state.phase === 'listening') {
    if (state.seeking && standsBack(state)) return seekingAt(state, state.seeking, at, rules);
    if (saidSoFar(state.caller).text !== '') return undefined;
    return promptDue(state, rules).at;
  }
  if (state.audible) return at + pollMs;
  const due = state.silence.since + rules.silence.holdAfterMs;
  // A wait that is not to be filled now, because the caller is busy, is looked at again later and not at once.
  return due > at ? due : at + againMs;
}

/** Who sounds is not silent, and may still be understood. */
function promptDue({ silence, soundSince }: Conversation, { silence: rules }: ConversationRules) {
  if (soundSince === undefined) return promptAt(silence, rules);
  const { longestSoundMs } = rules;
  const { prompt } = promptAt({ ...silence, wordlessMs: silence.wordlessMs + longestSoundMs }, rules);
  return { at: Math.max(silence.since, soundSince) + longestSoundMs, prompt };
}

export function onSilence(
  state: Conversation,
  at: number,
  soundsUntil: number | undefined,
  rules: ConversationRules,
): Step {
  if (state.phase !== 'listening') {
    const since = state.audible ? Math.max(soundsUntil ?? at, state.silence.since) : state.silence.since;
    if (at - since < rules.silence.holdAfterMs || state.floor.stance === 'held') return stay(state);
    // Who is speaking is not waiting; and one sentence that waits to be let out is enough.
    if (!state.audible && (callerBusy(state, at, rules) || state.waits)) return stay(state);
    return { state: { ...state, silence: broken(state.silence, at) }, intents: [{ do: 'fill', epoch: state.epoch }] };
  }
  if (state.parted) return stay(state);
  if (state.seeking && standsBack(state)) return onSeekingSilence(state, state.seeking, at, rules);
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
