import type { Agent } from '../../../agents/loader/load.ts';
import type { Scenario } from '../../../agents/loader/scenario.ts';
import { phrasesOf } from '../../../contracts/agent-phrases.ts';
import type { AgentCard, ScenarioCard } from '../../lanes/turn-messages.ts';
import { cutWhole } from '../../speech/sentences.ts';
import { inLanguage } from './in-language.ts';

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
    farewell: phrases.farewell,
    resumed: phrases.resumed,
    greeting: cutWhole(greeting),
  };
}

/** With its cards in other languages, and what it says of handoffs. */
export function scenarioCard({ name, start, agents, handoffsFrom }: Scenario): ScenarioCard {
  return {
    name,
    start,
    agents: [...agents.values()].map(({ definition, version }) => ({
      ...agentCard({ definition, version }),
      others: definition.speech.others.flatMap(({ language }) => {
        const page = inLanguage(definition, language);
        return page ? [agentCard({ definition: page, version })] : [];
      }),
      ahead: [definition.returnGreeting ?? [], ...handoffsFrom(definition.name).map(({ says }) => says ?? [])].flatMap(
        text => (typeof text === 'string' ? cutWhole(text) : []),
      ),
    })),
  };
}
