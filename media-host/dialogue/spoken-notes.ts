import type { CallFact } from '../../contracts/call-event.ts';
import type { Clock } from '../clock.ts';
import { withoutKeys } from '../digits/keys-text.ts';
import { type Reply, type ReplyPart, replyTimes } from './reply.ts';

/** What was said, as the journal has it: by the caller, over the agent, by the agent. */
export interface SpokenNotes {
  /** Where the words told last lie in the caller's sound, ms. */
  words(place: { offsetMs: number; durationMs: number }): void;
  /** As far as it is known; said again for the same turn it takes the place of what was noted before. */
  caller(turn: number, said: string): void;
  aside(turn: number, text: string): void;
  /** Each agent's part of a reply that was not noted before; nothing of what never sounded. `interrupted`: the last that did was cut. */
  reply(reply: Reply, parts: readonly ReplyPart[], interrupted: boolean): void;
}

export interface SpokenNotesOptions {
  clock: Clock;
  note(fact: CallFact): void;
  /** Monotonic microseconds as milliseconds since the media socket first opened. */
  sinceOpenMs(us: number): number;
  /** When the caller's first sound came, monotonic microseconds. */
  soundStartedUs(): number | undefined;
}

export function createSpokenNotes(options: SpokenNotesOptions): SpokenNotes {
  const { clock, note, sinceOpenMs, soundStartedUs } = options;
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
    reply: (reply, parts, interrupted) => {
      const sounded = parts.filter(({ startUs }) => startUs !== undefined);
      for (const [at, { by, text, heard, startUs = 0, first }] of sounded.entries()) {
        const next = sounded[at + 1];
        note({
          type: 'agent-spoke',
          turn: reply.turn,
          agent: by.agent,
          text,
          heard,
          interrupted: interrupted && !next,
          startMs: sinceOpenMs(startUs),
          endMs: sinceOpenMs(next?.startUs ?? clock.monotonicUs()),
          ...(first && replyTimes(reply)),
        });
      }
    },
  };
}
