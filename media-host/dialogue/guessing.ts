import type { Clock } from '../clock.ts';
import type { Conversation, Intent } from '../turn/conversation-state.ts';
import { saidSoFar } from '../turn/end-of-turn.ts';
import {
  guessesAt,
  noSpeculation,
  nothingGuessed,
  type Speculation,
  type SpeculationEvent,
  speculate,
} from '../turn/speculation.ts';
import { createAlarm } from './alarm.ts';

/** Asks the model ahead where the agent allows it: watches the conversation go on, and says what to guess and when to drop it. */
export interface Guessing {
  /** The conversation has moved on to `now`, wanting `intents`. */
  moved(now: Conversation, intents: readonly Intent[], at: number): void;
  end(): void;
}

export interface GuessingOptions {
  tries: number;
  maxSpeechMs: number;
  clock: Clock;
  /** Ask for `said`, which the answer to `turn` will be asked for if nothing changes. */
  guess(turn: number, said: string): void;
  drop(): void;
}

export function createGuessing({ tries, maxSpeechMs, clock, guess, drop }: GuessingOptions): Guessing {
  const rules = { ...noSpeculation, tries, maxSpeechMs };
  let state: Speculation = nothingGuessed;
  let conversation: Conversation | undefined;
  let text = '';
  let sounds = false;

  const tell = (event: SpeculationEvent) => {
    const step = speculate(state, event, rules);
    state = step.state;
    for (const intent of step.intents) {
      if (intent.do === 'drop') drop();
      else if (conversation) {
        const { unanswered, turn } = conversation;
        guess(unanswered.length > 0 ? turn : turn + 1, [...unanswered, intent.text].join(' '));
      }
    }
    alarm.set(guessesAt(state, rules));
  };
  const alarm = createAlarm(clock, at => tell({ type: 'wake', at }));

  return {
    moved: (now, intents, at) => {
      if (tries === 0) return;
      conversation = now;
      if (intents.some(intent => intent.do === 'stop-speaking')) tell({ type: 'barge-in', at });
      if (intents.some(intent => intent.do === 'answer')) tell({ type: 'taken', at });
      const soundsNow = now.soundSince !== undefined;
      if (soundsNow !== sounds) {
        sounds = soundsNow;
        tell({ type: 'voice', on: sounds, at });
      }
      const said = saidSoFar(now.caller).text;
      if (said === text) return;
      text = said;
      tell({ type: 'words', text, at });
    },
    end: () => alarm.set(undefined),
  };
}
