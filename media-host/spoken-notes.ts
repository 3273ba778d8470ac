import type { CallFact } from '../contracts/call-event.ts';
import type { Clock } from './clock.ts';
import { withoutKeys } from './digits/keys-text.ts';
import { fullText, type Reply, replyTimes } from './reply.ts';

/** What was said, as the journal has it: by the caller, over the agent, by the agent. */
export interface SpokenNotes {
  /** Where the words told last lie in the caller's sound, ms. */
  words(place: { offsetMs: number; durationMs: number }): void;
  /** As far as it is known; said again for the same turn it takes the place of what was noted before. */
  caller(turn: number, said: string): void;
  aside(turn: number, text: string): void;
  /** Nothing of a reply that never sounded. */
  reply(reply: Reply, heard: string, interrupted: boolean): void;
}

export interface SpokenNotesOptions {
  agent: string;
  clock: Clock;
  note(fact: CallFact): void;
  /** Monotonic microseconds as milliseconds since the media socket first opened. */
  sinceOpenMs(us: number): number;
  /** When the caller's first sound came, monotonic microseconds. */
  soundStartedUs(): number | undefined;
}

export function createSpokenNotes(options: SpokenNotesOptions): SpokenNotes {
  const { agent, clock, note, sinceOpenMs, soundStartedUs } = options;
  let words = { offsetMs: 0, durationMs: 0 };

  const spokenAt = () => {
    const startMs = sinceOpenMs(soundStartedUs() ?? clock.monotonicUs()) + words.offsetMs;
    return { startMs, endMs: startMs + words.durationMs };
  };

  return {
    words: place => {
      words = place;
    },
    caller: (turn, said) => {
      const text = withoutKeys(said);
      if (text !== '') note({ type: 'caller-spoke', turn, text, ...spokenAt() });
    },
    aside: (turn, text) => note({ type: 'caller-aside', turn, text, ...spokenAt() }),
    reply: (reply, heard, interrupted) => {
      const startUs = reply.marks.firstFrameUs ?? reply.marks.firstFillerUs;
      if (startUs === undefined) return;
      note({
        type: 'agent-spoke',
        turn: reply.turn,
        agent,
        text: fullText(reply),
        heard,
        interrupted,
        startMs: sinceOpenMs(startUs),
        endMs: sinceOpenMs(clock.monotonicUs()),
        ...replyTimes(reply),
      });
    },
  };
}
