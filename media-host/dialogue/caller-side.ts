import { echoGate } from '../audio/echo-gate.ts';
import type { Clock } from '../clock.ts';
import type { FromSpeech } from '../lanes/speech-lane.ts';
import type { ConversationEvent } from '../turn/conversation-state.ts';
import { createOwnEcho } from './own-echo.ts';
import type { ReplyMarks } from './reply.ts';
import type { Speaking } from './speaking.ts';

/**
 * The caller's side of the line: what of its sound and of the words heard in it is the caller's, and not the agent's own
 * voice coming back, becomes events of the conversation.
 */
export interface CallerSide {
  /** A frame of the agent's goes out, this loud: what comes back of it is quieter. */
  played(rms: number): void;
  /** The agent became audible, or no longer is. */
  agentAudible(audible: boolean): void;
  voice(message: Extract<FromSpeech, { type: 'voice' }>): void;
  words(message: Extract<FromSpeech, { type: 'partial' | 'final' }>): void;
  /** When the words were said and told that nothing has been made of yet; forgets them. */
  takeMarks(): ReplyMarks;
}

export interface CallerSideOptions {
  clock: Clock;
  speaking: Pick<Speaking, 'lately' | 'before' | 'mustBeHeard'>;
  apply(event: ConversationEvent): void;
  /** The conversation takes the caller to be sounding. */
  sounds(): boolean;
  /** The agent's own words came back. */
  echoed(): void;
  /** Where the words lie in the caller's sound, ms. */
  placed(place: { offsetMs: number; durationMs: number }): void;
  /** When the caller's first sound came, monotonic microseconds. */
  soundStartedUs(): number | undefined;
}

export function createCallerSide(options: CallerSideOptions): CallerSide {
  const { clock, speaking, apply, sounds, placed, soundStartedUs } = options;
  const gate = echoGate();
  const ownEcho = createOwnEcho({ lately: speaking.lately, before: speaking.before, heard: options.echoed });
  let marks: ReplyMarks = {};

  return {
    played: rms => gate.played(rms, clock.now()),
    agentAudible: audible => ownEcho.audible(audible, clock.now()),
    voice: ({ heard, rms, ms }) => {
      const at = clock.now();
      const quiet = heard === 'quiet' || !gate.above(rms, at);
      if (quiet && !sounds()) return;
      ownEcho.sounded(at);
      if (quiet) apply({ type: 'quiet', at });
      else apply({ type: 'sound', at, ms, voice: heard === 'voice', protected: speaking.mustBeHeard() });
    },
    words: message => {
      const at = clock.now();
      const beganUs = (soundStartedUs() ?? clock.monotonicUs()) + message.offsetMs * 1000;
      const own = ownEcho.callersPart(message.text, at - (clock.monotonicUs() - beganUs) / 1000, at);
      if (!own) {
        if (message.type === 'final') apply({ type: 'no-match', at });
        return;
      }
      placed(message);
      const spokenUs = beganUs + message.durationMs * 1000;
      marks = message.type === 'final' ? { finalUs: message.atUs, spokenUs } : { ...marks, spokenUs };
      apply({ type: message.type, at, ...own, protected: speaking.mustBeHeard() });
    },
    takeMarks: () => {
      const taken = marks;
      marks = {};
      return taken;
    },
  };
}
