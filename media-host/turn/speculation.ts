import { plainWords } from './words/tokens.ts';

/**
 * When it is worth asking the model before the caller has surely finished. A right guess saves the wait until the turn is
 * certain; a wrong one costs its tokens, so guesses are made of words that have come to rest, few for a turn, and never
 * twice of the same words. A fold: whether the guess was right is for those to judge who take the turn.
 */
export interface Speculation {
  /** All the caller said in the turn so far. */
  text: string;
  /** The same without case and punctuation, and when it last changed. */
  words: string;
  changedAt: number;
  /** The first sound or word of the turn. */
  beganAt: number | undefined;
  /** Since when the caller's voice is silent; `unknown` where nobody listens for it. */
  voice: 'unknown' | 'sounds' | { silentSince: number };
  /** The words guessed at in this turn. */
  tried: readonly string[];
  /** The guess that is under way or done, while nothing else was said. */
  alive: string | undefined;
}

export type SpeculationEvent = { at: number } & (
  | { type: 'voice'; on: boolean }
  /** All the caller said in the turn so far, final or not; empty where it was no speech. */
  | { type: 'words'; text: string }
  | { type: 'wake' }
  /** The turn is answered: the guess is used or dropped by who answers. */
  | { type: 'taken' }
  /** The caller took the floor, or a key was pressed: what was guessed before is void. */
  | { type: 'barge-in' }
);

export type SpeculationIntent = { do: 'guess'; text: string } | { do: 'drop' };

export interface SpeculationRules {
  /** Guesses for one turn; 0: none. */
  tries: number;
  /** A turn that lasts longer is not guessed at. */
  maxSpeechMs: number;
  /** Words unchanged and voice silent for so long are at rest. @default 120 */
  restMs: number;
  /** The same where nobody listens for the voice: longer than the recogniser's pace of some 300 ms. @default 400 */
  deafRestMs: number;
}

export const noSpeculation: SpeculationRules = { tries: 0, maxSpeechMs: 10_000, restMs: 120, deafRestMs: 400 };

export const nothingGuessed: Speculation = {
  text: '',
  words: '',
  changedAt: 0,
  beganAt: undefined,
  voice: 'unknown',
  tried: [],
  alive: undefined,
};

export interface SpeculationStep {
  state: Speculation;
  intents: readonly SpeculationIntent[];
}

export function speculate(state: Speculation, event: SpeculationEvent, rules: SpeculationRules): SpeculationStep {
  const { state: next, intents } = heard(state, event);
  const due = guessesAt(next, rules);
  if (due === undefined || event.at < due) return { state: next, intents };
  const { text, words } = next;
  return {
    state: { ...next, alive: words, tried: [...next.tried, words] },
    intents: [...intents, { do: 'guess', text }],
  };
}

/** When the words will be at rest and worth a guess, should nothing happen. */
export function guessesAt(state: Speculation, rules: SpeculationRules): number | undefined {
  const { words, tried, beganAt, changedAt, voice } = state;
  if (words === '' || voice === 'sounds' || tried.length >= rules.tries || tried.includes(words)) return undefined;
  const at = voice === 'unknown' ? changedAt + rules.deafRestMs : Math.max(changedAt, voice.silentSince) + rules.restMs;
  return at - (beganAt ?? changedAt) <= rules.maxSpeechMs ? at : undefined;
}

function heard(state: Speculation, event: SpeculationEvent): SpeculationStep {
  switch (event.type) {
    case 'voice': {
      const voice = event.on ? 'sounds' : { silentSince: event.at };
      const beganAt = state.beganAt ?? (event.on ? event.at : undefined);
      return { state: { ...state, voice, beganAt }, intents: [] };
    }
    case 'words': {
      const words = plainWords(event.text).join(' ');
      const { text } = event;
      if (words === state.words) return { state: { ...state, text }, intents: [] };
      const beganAt = state.beganAt ?? event.at;
      return dropped({ ...state, text, words, changedAt: event.at, beganAt });
    }
    case 'wake':
      return { state, intents: [] };
    case 'taken':
      return { state: { ...nothingGuessed, voice: state.voice }, intents: [] };
    case 'barge-in':
      return dropped({ ...nothingGuessed, voice: state.voice, alive: state.alive });
  }
}

function dropped(state: Speculation): SpeculationStep {
  return { state: { ...state, alive: undefined }, intents: state.alive === undefined ? [] : [{ do: 'drop' }] };
}
