import type { Lane } from '../lanes/lane.ts';
import type { ToSpeech } from '../lanes/speech-lane.ts';
import type { AgentCard } from '../lanes/turn-messages.ts';
import type { Conversation } from '../turn/conversation-state.ts';

/**
 * What recognition listens for: the language and the words of the agent that has the caller. It changes once the words that
 * were answered are closed: heard again in another language they would be taken for new ones.
 */
export interface Listening {
  /** This agent, or this agent in another language, has the caller. */
  follow(card: Pick<AgentCard, 'language' | 'phrases'>): void;
  /** The conversation stands like this now. */
  moved(conversation: Pick<Conversation, 'acted'>): void;
}

export function createListening(
  call: number,
  speech: Lane<ToSpeech>,
  first: Pick<AgentCard, 'language' | 'phrases'>,
): Listening {
  const essence = ({ language, phrases }: typeof first) => JSON.stringify([language, phrases]);
  let listensFor = essence(first);
  let next: typeof first | undefined;
  return {
    follow: card => {
      next = card;
    },
    moved: ({ acted }) => {
      if (!next || acted) return;
      const { language, phrases } = next;
      const changes = essence(next) !== listensFor;
      listensFor = essence(next);
      next = undefined;
      if (changes) speech.post({ type: 'relisten', call, language, phrases });
    },
  };
}
