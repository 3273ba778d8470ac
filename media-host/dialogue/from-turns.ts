import type { CallFact } from '../../contracts/call-event.ts';
import type { Clock } from '../clock.ts';
import type { FromTurn } from '../lanes/turn-messages.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { ConversationEvent } from '../turn/conversation-state.ts';
import type { Keys } from './keys.ts';
import type { PresentAgent } from './present-agent.ts';
import type { Search } from './search.ts';
import type { Speaking } from './speaking.ts';
import type { Voicing } from './voicing.ts';

/** Reads what the turn lane tells of one call: what the agent says and wants, and what the journal is to know. */
export interface FromTurnsOptions {
  clock: Clock;
  metrics: Metrics;
  note(fact: CallFact): void;
  apply(event: ConversationEvent): void;
  /** The conversation's epoch. */
  epoch(): number;
  speaking: Pick<Speaking, 'ended' | 'round' | 'afterWords'>;
  voicing: Pick<Voicing, 'sentence'>;
  present: Pick<PresentAgent, 'holdWords'>;
  search: Pick<Search, 'wanted'>;
  keys: Pick<Keys, 'wanted' | 'done'>;
  agentChanged(message: Extract<FromTurn, { type: 'agent-changed' }>): void;
}

type OfCall = Extract<FromTurn, { call: number }>;
/** Facts of the conversation as they stand. */
type Noted = Extract<OfCall, { type: 'tool-ran' | 'model-ran' | 'guarded' | 'known' | 'effect-began' | 'pin-checked' }>;

export function readFromTurns(options: FromTurnsOptions): (message: OfCall) => void {
  const { clock, metrics, note, apply, epoch, speaking, voicing, present, search, keys, agentChanged } = options;

  /** For the journal, which knows nothing of hosts and replies. */
  const noted = ({ call: _, epoch: __, ...fact }: Noted) => note(fact);

  const end = ({ epoch, reason }: Extract<OfCall, { type: 'end-wanted' }>, heard: boolean) =>
    apply({ type: 'end', epoch, reason, heard, at: clock.now() });

  return message => {
    switch (message.type) {
      case 'sentence':
        return voicing.sentence(message);
      case 'reply-failed':
        note({ type: 'service-failed', service: 'model', code: message.code });
        return speaking.ended(message.epoch);
      case 'reply-ended':
        return speaking.ended(message.epoch);
      case 'tool-started':
        if (message.epoch === epoch()) present.holdWords.forTool(message.holdWords);
        return;
      case 'waited':
        return speaking.round(message.epoch, message.ms);
      case 'person-wanted':
        return search.wanted(message);
      case 'end-wanted':
        end(message, false);
        return speaking.afterWords(message.epoch, () => end(message, true));
      case 'digits-wanted':
        return keys.wanted(message);
      case 'digits-done':
        return keys.done(message);
      case 'agent-changed':
        return agentChanged(message);
      case 'tool-ran':
        speaking.round(message.epoch, message.ms);
        if (!message.ok) metrics.count(message.code === 'TOOL_RESTING' ? 'tools-resting' : 'tools-failed');
        return noted(message);
      case 'model-ran':
        speaking.round(message.epoch, message.ms);
        return noted(message);
      case 'guarded':
        metrics.count('turns-guarded');
        return noted(message);
      case 'known':
      case 'effect-began':
      case 'pin-checked':
        return noted(message);
    }
  };
}
