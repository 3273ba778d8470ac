import type { Agent } from '../../agents/load.ts';
import { phrasesOf } from '../../contracts/agent-phrases.ts';
import type { AgentCard } from '../lanes/turn-messages.ts';
import { cutWhole } from '../speech/sentences.ts';

/** What the media thread has to know of an agent: everything but how it thinks. */
export function agentCard({ definition, version }: Pick<Agent, 'definition' | 'version'>): AgentCard {
  const { name, voice, speech, turns, silence, hold, speculation, greeting } = definition;
  const phrases = phrasesOf(definition);
  return {
    name,
    version,
    voice: voice.name,
    rate: voice.rate,
    language: speech.language,
    phrases: speech.phrases,
    turns,
    silence: {
      afterMs: silence.afterMs,
      reprompts: phrases.reprompts,
      unheard: phrases.unheard,
      goodbye: phrases.goodbye,
    },
    hold: { afterMs: hold.afterMs, words: phrases.hold },
    speculation,
    apology: phrases.apology,
    refusal: phrases.refusal,
    tools: definition.tools,
    seeking: phrases.seeking,
    keypad: phrases.keypad,
    resumed: phrases.resumed,
    greeting: cutWhole(greeting),
  };
}
