import type { AgentCard } from '../lanes/turn-messages.ts';
import type { Intent } from '../turn/conversation-state.ts';

/** What the agent says unasked in one call: into a silence, for somebody who has words for the caller, after a break of ours. */
export interface PromptWords {
  /** To be said at the next rest. */
  announce(text: string): void;
  /** Somebody's words have not been said yet. */
  waiting(): boolean;
  /** To be said first, where another host was cut. */
  resume(text: string): void;
  /** @param silences how often this silence has been broken by now */
  of(prompt: Extract<Intent, { do: 'prompt' }>['prompt'], silences: number): string;
}

/** @param agent the one that has the caller */
export function createPromptWords(agent: () => AgentCard): PromptWords {
  const announcements: string[] = [];
  let resumed = '';

  return {
    announce: text => {
      announcements.push(text);
    },
    waiting: () => announcements.length > 0,
    resume: text => {
      resumed = text;
    },
    of: (prompt, silences) => {
      if (prompt === 'resumed') return resumed;
      if (prompt === 'announcement') return announcements.shift() ?? '';
      const { reprompts, goodbye, unheard } = agent().silence;
      if (prompt === 'reprompt') return reprompts[(silences - 1) % reprompts.length] ?? goodbye;
      return prompt === 'goodbye' ? goodbye : unheard;
    },
  };
}
