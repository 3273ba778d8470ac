import type { Agents } from '../agents/loader/load.ts';
import type { Scenario } from '../agents/loader/scenario.ts';
import type { HandoffEdge } from '../contracts/scenario.ts';
import type { DrawnScenario } from './agents-graph.ts';
import type { Row } from './table.ts';

/** What a folder of agents holds, for people and programs to read. Pure. */
export interface AgentsView {
  scenarios: readonly ScenarioView[];
  agents: readonly AgentView[];
  tools: readonly ToolView[];
}

export interface ScenarioView extends Omit<DrawnScenario, 'agents' | 'handoffs'> {
  agents: readonly string[];
  handoffs: readonly Pick<HandoffEdge, 'from' | 'to' | 'when' | 'kind' | 'needs'>[];
}

export interface AgentView {
  name: string;
  description: string;
  voice: string;
  language: string;
  otherLanguages: readonly string[];
  tools: readonly string[];
  /** In any scenario. */
  handsTo: readonly string[];
  /** In which it takes part. */
  scenarios: readonly string[];
}

export interface ToolView {
  name: string;
  effect: boolean;
  tags: readonly string[];
  needs: readonly string[];
  agents: readonly string[];
}

export function agentsView(agents: Agents): AgentsView {
  const scenarios = agents.scenarios.map(agents.scenario);
  const isAlone = ({ name, agents: part }: Scenario) => part.size === 1 && part.has(name);
  const together = scenarios.filter(scenario => !isAlone(scenario));
  const placed = new Set(together.flatMap(scenario => [...scenario.agents.keys()]));
  // An agent that nobody has put into a scenario is one of its own.
  const drawn = [...together, ...scenarios.filter(scenario => isAlone(scenario) && !placed.has(scenario.name))];
  const all = agents.names.map(agents.get);
  const tools = new Map(all.flatMap(agent => agent.tools).map(tool => [tool.name, tool]));
  return {
    scenarios: drawn.map(scenarioView),
    agents: all.map(({ definition }) => {
      const { name, description, voice, speech, tools: own } = definition;
      const taking = drawn.filter(scenario => scenario.agents.has(name));
      return {
        name,
        description,
        voice: voice.name,
        language: speech.language,
        otherLanguages: speech.others.map(({ language }) => language),
        tools: own,
        handsTo: [...new Set(taking.flatMap(scenario => scenario.handoffsFrom(name).map(({ to }) => to)))],
        scenarios: taking.map(scenario => scenario.name),
      };
    }),
    tools: [...tools.values()]
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(({ name, effect, tags, needs }) => ({
        ...{ name, effect, tags, needs },
        agents: all.flatMap(({ definition }) => (definition.tools.includes(name) ? [definition.name] : [])),
      })),
  };
}

function scenarioView({ name, description, start, agents, handoffsFrom }: Scenario): ScenarioView {
  const edges = [...agents.keys()].flatMap(agent => handoffsFrom(agent));
  return {
    ...{ name, description, start, agents: [...agents.keys()] },
    handoffs: edges.map(({ from, to, when, kind, needs }) => ({ from, to, when, kind, needs })),
  };
}

/** The scenarios as they are drawn, each agent as it sounds there. */
export function drawnScenarios(agents: Agents): DrawnScenario[] {
  return agentsView(agents).scenarios.map(scenario => ({
    ...scenario,
    agents: [...agents.scenario(scenario.name).agents.values()].map(({ definition }) => ({
      ...{ name: definition.name, voice: definition.voice.name },
      ...{ language: definition.speech.language, tools: definition.tools },
    })),
  }));
}

export interface Tables {
  scenarios: Row[];
  agents: Row[];
  tools: Row[];
}

export function tablesOf({ scenarios, agents, tools }: AgentsView): Tables {
  return {
    scenarios: scenarios.map(({ name, start, agents: part, handoffs, description }) => ({
      ...{ scenario: name, start, agents: part.length, handoffs: handoffs.length },
      ...{ gates: handoffs.filter(({ needs }) => needs.length > 0).length, description },
    })),
    agents: agents.map(({ name, voice, language, otherLanguages, tools: own, handsTo }) => ({
      ...{ agent: name, voice, language: [language, ...otherLanguages].join(' ') },
      ...{ 'hands over to': handsTo.join(' '), tools: own.join(' ') },
    })),
    tools: tools.map(({ name, effect, tags, needs, agents: of }) => ({
      ...{ tool: name, does: effect ? 'effect' : 'look-up', tags: tags.join(' '), needs: needs.join(' ') },
      agents: of.join(' '),
    })),
  };
}
