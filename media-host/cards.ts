import { CallError } from '../contracts/error.ts';
import type { Cast } from './agent/cast/cast.ts';
import { cardIn } from './dialogue/present-agent.ts';
import type { Resumption } from './journal/resume.ts';
import type { AgentCard, ScenarioCard } from './lanes/turn-messages.ts';

/** The agents and scenarios of this host, as the turn lane has told them last. */
export interface Cards {
  renew(scenarios: readonly ScenarioCard[]): void;
  /** @throws CallError SCENARIO_UNKNOWN */
  scenario(name: string): ScenarioCard;
  /** The agent that has the caller, as it speaks now. @throws CallError SCENARIO_UNKNOWN, AGENT_UNKNOWN */
  agent(admission: { scenario?: string | undefined; agent: string }, cast?: Cast): AgentCard;
  /** Who goes on with a call of another host: the agent that had the caller, or, where it is no more, who takes callers first. */
  goesOn(resumption: Pick<Resumption, 'scenario' | 'cast'>, known: Known): { scenario?: string; agent: string };
  /** Those of these scenarios, each once. */
  all(scenarios: readonly string[]): readonly AgentCard[];
}

/** As the call's document has it. */
interface Known {
  scenario?: string | undefined;
  entryAgent: string;
}

/** @param folder as it shall stand in messages */
export function createCards(folder: string): Cards {
  let scenarios = new Map<string, ScenarioCard>();

  const scenario = (name: string): ScenarioCard => {
    const known = [...scenarios.keys()].join(', ');
    const found = scenarios.get(name);
    if (!found) throw new CallError('SCENARIO_UNKNOWN', { scenario: name, folder, known });
    return found;
  };
  const agentIn = ({ agents }: ScenarioCard, name: string) => agents.find(card => card.name === name);

  return {
    renew: told => {
      scenarios = new Map(told.map(each => [each.name, each]));
    },
    scenario,
    agent: ({ scenario: name, agent }, cast) => {
      const within = scenario(name ?? agent);
      const card = agentIn(within, agent);
      if (card) return cardIn(card, cast?.language);
      const known = within.agents.map(each => each.name).join(', ');
      throw new CallError('AGENT_UNKNOWN', { agent, folder: `${folder} as an agent of "${within.name}"`, known });
    },
    goesOn: ({ scenario: opened, cast }, { scenario: written, entryAgent }) => {
      const name = opened ?? written;
      const within = scenarios.get(name ?? entryAgent);
      if (!within) return { agent: entryAgent };
      const agent = cast && agentIn(within, cast.agent) ? cast.agent : within.start;
      return { ...(name !== undefined && { scenario: name }), agent };
    },
    all: names => {
      const cards = names.flatMap(name => scenarios.get(name)?.agents ?? []);
      return [...new Map(cards.map(card => [JSON.stringify(card), card])).values()];
    },
  };
}
