import type { Clock } from '../clock.ts';
import { type Epochs, type Lane, setEpoch } from '../lanes/lane.ts';
import type { ToSpeech } from '../lanes/speech-lane.ts';
import type { ToTurn } from '../lanes/turn-messages.ts';
import type { Intent } from '../turn/conversation-state.ts';
import type { ReplyMarks } from './reply.ts';
import type { Speaking } from './speaking.ts';
import type { SpokenNotes } from './spoken-notes.ts';

/** Asks the turn lane what the agent says next. Each asking begins a reply, with which all that was made before is stale. */
export interface Asking {
  /** A reply that nobody else is asked for. */
  begin(turn: number, epoch: number): void;
  greet(epoch: number): void;
  answer(intent: Extract<Intent, { do: 'answer' }>): void;
  /** What was answered was said otherwise. */
  correct(turn: number, said: string): void;
  prompt(intent: Extract<Intent, { do: 'prompt' }>): void;
}

export interface AskingOptions {
  call: number;
  cell: number;
  epochs: Epochs;
  speech: Lane<ToSpeech>;
  turns: Lane<ToTurn>;
  clock: Clock;
  speaking: Pick<Speaking, 'begin'>;
  spoken: Pick<SpokenNotes, 'caller'>;
  /** When the words that are answered were said and told. */
  takeMarks(): ReplyMarks;
  /** What a reply finds settled: nobody disputes the floor any more, and a new wait has begun. */
  settle(): void;
  /** What the agent says for this. */
  words(prompt: Extract<Intent, { do: 'prompt' }>['prompt']): string;
}

export function createAsking(options: AskingOptions): Asking {
  const { call, cell, epochs, speech, turns, clock, speaking, spoken, takeMarks, settle, words } = options;

  const begin = (turn: number, epoch: number, marks: ReplyMarks) => {
    settle();
    setEpoch(epochs, cell, epoch);
    speaking.begin(turn, epoch, marks);
  };

  return {
    begin: (turn, epoch) => begin(turn, epoch, {}),
    greet: epoch => {
      begin(0, epoch, {});
      turns.post({ type: 'greet', call, epoch });
    },
    answer: ({ epoch, turn, said, final, noted }) => {
      const decidedUs = clock.monotonicUs();
      begin(turn, epoch, { ...takeMarks(), decidedUs });
      const text = said.join(' ');
      turns.post({ type: 'take', call, turn, epoch, said: text, final });
      speech.post({ type: 'hush', call, epoch });
      if (!noted) spoken.caller(turn, text);
    },
    correct: (turn, said) => {
      turns.post({ type: 'correct', call, turn, said });
      spoken.caller(turn, said);
    },
    prompt: ({ turn, epoch, prompt }) => {
      begin(turn, epoch, {});
      if (prompt === 'unheard') speech.post({ type: 'renew', call });
      turns.post({ type: 'say', call, turn, epoch, text: words(prompt) });
    },
  };
}
