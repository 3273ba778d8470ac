import type { CallFact } from '../../contracts/call-event.ts';
import type { AgentCard, FromTurn } from '../lanes/turn-messages.ts';
import type { ConversationRules } from '../turn/conversation-state.ts';
import { conversationRules } from '../turn/rules.ts';
import { createHoldWords, type HoldWords } from './hold-words.ts';
import type { Speaker } from './reply.ts';

/** The agent that has the caller, as the media thread knows it: how it sounds, what it says of itself, how it takes turns. */
export interface PresentAgent {
  readonly card: AgentCard;
  readonly rules: ConversationRules;
  readonly holdWords: HoldWords;
  /** Who says what is told now. */
  speaker(): Speaker;
  /** Another agent, or another language, from the next sentence on. */
  changed(message: Extract<FromTurn, { type: 'agent-changed' }>): void;
}

export interface PresentAgentOptions {
  agent: AgentCard;
  /** Changes of agent before. */
  stint: number;
  segmentationMs: number;
  note(fact: CallFact): void;
  /** The caller is to be heard in another language, or with other words expected. */
  relisten(card: AgentCard): void;
}

export function createPresentAgent({
  agent,
  stint,
  segmentationMs,
  note,
  relisten,
}: PresentAgentOptions): PresentAgent {
  let card = agent;
  let rules = conversationRules(card, segmentationMs);
  let holdWords = createHoldWords(card.hold.words);
  let changes = stint;

  return {
    get card() {
      return card;
    },
    get rules() {
      return rules;
    },
    get holdWords() {
      return holdWords;
    },
    speaker: () => ({ agent: card.name, stint: changes }),
    changed: ({ call: _, epoch: __, card: next, ...fact }) => {
      const { name: to, version, language } = next;
      const { facts, ...told } = fact;
      const shared = facts && { facts: facts === 'all' ? facts : [...facts] };
      note({ ...told, ...shared, to, version, language });
      const heardAlike = language === card.language && next.phrases.join('\n') === card.phrases.join('\n');
      card = next;
      rules = conversationRules(card, segmentationMs);
      holdWords = createHoldWords(card.hold.words);
      if (fact.kind !== 'language') changes += 1;
      if (!heardAlike) relisten(card);
    },
  };
}

/** The agent's card in this language, where it has one. */
export const cardIn = (card: AgentCard, language: string | undefined): AgentCard =>
  card.others?.find(other => other.language === language) ?? card;
