import type { AgentCard } from '../lanes/turn-messages.ts';
import type { ConversationRules } from './conversation-state.ts';

import { floorRules } from './floor.ts';
import { silenceRules } from './silence.ts';

/** From the end of speech to Azure's final, the silence that ends a phrase included: half of them come sooner. */
const sttLagMs = 1000;

/** How one agent takes turns: what its page says, and what holds for all. */
export function conversationRules(
  { language, turns, silence, hold }: AgentCard,
  segmentationMs: number,
): ConversationRules {
  return {
    turn: { language, expects: turns.expects, sttLagMs, segmentationMs },
    floor: { ...floorRules, policy: turns.policy },
    silence: {
      ...silenceRules,
      afterMs: silence.afterMs,
      maxPrompts: turns.maxSilences,
      holdAfterMs: hold.afterMs,
    },
    language,
    words: { stop: turns.stopWords, backchannel: turns.backchannels },
    courtesyMs: 800,
    overdueMs: 5000,
    asideMs: 1500,
  };
}
