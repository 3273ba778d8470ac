import { phrasesOf } from '../../contracts/agent-phrases.ts';
import type { KnownFact } from '../lanes/turn-messages.ts';
import { languagesOf } from './cast/in-language.ts';
import type { ReplyWork } from './reply.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import type { CallMeans } from './tools/tool-means.ts';

/**
 * What the tools of one reply can do in the call: what the call does for them, what they learn of the caller, in which
 * language the agent goes on. The record is told of all that they change.
 */
export interface MeansParts extends Pick<ReplyWork, 'turn' | 'epoch' | 'agents' | 'account'> {
  call: CallMeans;
  /** Told only while the reply is current. */
  speak(event: RuntimeEvent): void;
  /** Says goodbye, where this reply has said nothing yet. */
  partsWithWords(): void;
}

export function replyMeans(parts: MeansParts): ReplyWork['means'] {
  const { turn, epoch, agents, call, speak, account, partsWithWords } = parts;

  const learn = (fact: KnownFact) => {
    if (agents.learn(fact)) account({ type: 'known', turn, epoch, ...fact });
  };

  const switchLanguage = (language: string): boolean => {
    if (!agents.speak(language)) return false;
    const { card, cast } = agents;
    const { agent: name } = cast;
    const about = { from: name, kind: 'language', visit: cast.visits[name] ?? 1, reason: '', context: '' } as const;
    account({ type: 'agent-changed', turn, epoch, card, ...about, knowsAll: true });
    return true;
  };

  return {
    ...call.of({
      turn,
      epoch,
      get phrases() {
        return phrasesOf(agents.page).keypad;
      },
      speak,
      account,
      partsWithWords,
    }),
    get languages() {
      return languagesOf(agents.agent.definition);
    },
    establish: (facts, marked) => {
      // What a tool that handles personal things makes sure of counts as personal.
      const personal = marked.length > 0;
      for (const [name, value] of Object.entries(facts)) learn({ name, value, by: 'tool', personal });
    },
    remember: (name, value) => learn({ name, value, by: 'agent', personal: true }),
    switchLanguage,
  };
}
