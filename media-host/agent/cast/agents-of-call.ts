import type { Agent } from '../../../agents/loader/load.ts';
import type { PromptContext } from '../../../agents/loader/prompt.ts';
import type { Scenario } from '../../../agents/loader/scenario.ts';
import type { AgentDefinition } from '../../../contracts/agent.ts';
import type { CallerMemory } from '../../../contracts/caller-memory.ts';
import type { AgentCard, KnownFact } from '../../lanes/turn-messages.ts';
import type { ModelItem, ModelTool } from '../model/model.ts';
import { type Opening, openingOf, recalledText } from '../recalled.ts';
import { agentCard } from './agent-card.ts';
import {
  type Cast,
  castOf,
  earlierCallsSeen,
  established,
  factsSeen,
  heardOf,
  learned,
  speaks,
  took,
  visitsOf,
} from './cast.ts';
import { type Decision, knownFacts, offeredHandoffs } from './handoff.ts';
import { goOnIn, greetsIn, inLanguage } from './in-language.ts';

/** The agents of one call: who has the caller and how it thinks and speaks now, and what is known of the call. */
export interface AgentsOfCall {
  readonly cast: Cast;
  readonly agent: Agent;
  /** The agent's page as it holds in the language that is spoken. */
  readonly page: AgentDefinition;
  readonly card: AgentCard;
  /** The prompt, rendered. */
  instructions(context: Omit<PromptContext, 'agent' | 'visit'>): string;
  /** What is known, as data for the model; it stands before all that is said. */
  known(): readonly ModelItem[];
  handOff(): ModelTool | undefined;
  /** What the call begins with. */
  opening(): Opening;
  /** What earlier calls of the caller have left. */
  recall(memory: CallerMemory): void;
  /** What the agent has yet to say as it takes the caller: once per epoch, until some of it was heard. */
  greeting(epoch: number): string | undefined;
  /** Facts that tools have made sure of. */
  established(): Readonly<Record<string, string>>;
  /** @returns whether anything new is known with it */
  learn(fact: KnownFact): boolean;
  change(decision: Extract<Decision, { allowed: true }>): void;
  /** @returns false where the agent does not speak it */
  speak(language: string): boolean;
  /** Words of the agent that has the caller were heard. */
  heard(stint: number): void;
}

/** @param before as another host left it @default the agent has just got the caller, and nothing is known */
export function createAgentsOfCall(scenario: Scenario, first: Agent, before?: Cast): AgentsOfCall {
  const { name } = first.definition;
  const known = before && scenario.agents.has(before.agent);
  let cast = known ? before : { ...(before ?? castOf(name)), agent: name };
  let agent = scenario.agents.get(cast.agent) ?? first;
  let page = pageOf(agent, cast);
  let memory: CallerMemory | undefined;
  let greeted: { epoch: number; stint: number } | undefined;

  return {
    get cast() {
      return cast;
    },
    get agent() {
      return agent;
    },
    get page() {
      return page;
    },
    get card() {
      return agentCard({ definition: page, version: agent.version });
    },
    instructions: context => {
      const visit = visitsOf(cast, agent.definition.name) > 1 ? 'again' : 'first';
      const prompt = agent.instructions({ ...context, agent: agent.definition, visit });
      const { language } = page.speech;
      return language === agent.definition.speech.language ? prompt : `${prompt}\n\n${goOnIn(language)}`;
    },
    known: () => {
      const seen = earlierCallsSeen(cast);
      const names = factsSeen(cast).map(({ name }) => name);
      const texts = [memory && seen && recalledText(memory, seen === 'masked', names), knownFacts(cast)];
      return texts.flatMap(text => (text === undefined ? [] : [{ type: 'data', text }]));
    },
    opening: () => openingOf(page, memory),
    recall: recalled => {
      memory = recalled;
    },
    handOff: () => offeredHandoffs(scenario, cast.agent),
    greeting: epoch => {
      const said = greeted?.epoch === epoch && greeted.stint === cast.stint;
      if (said || !cast.greets || !greetsIn(agent.definition, cast.language)) return undefined;
      greeted = { epoch, stint: cast.stint };
      const { greeting, returnGreeting } = agent.definition;
      return visitsOf(cast, cast.agent) > 1 ? returnGreeting : greeting;
    },
    established: () => established(cast),
    learn: fact => {
      const before = cast;
      cast = learned(cast, fact);
      return cast !== before;
    },
    change: ({ edge, to }) => {
      const { history, facts, personal } = edge.shares;
      cast = took(cast, { to: edge.to, kind: edge.kind, knowsAll: history, facts, personal });
      agent = to;
      page = pageOf(agent, cast);
    },
    speak: language => {
      if (!inLanguage(agent.definition, language)) return false;
      cast = speaks(cast, language);
      page = pageOf(agent, cast);
      return true;
    },
    heard: stint => {
      if (stint === cast.stint) cast = heardOf(cast);
    },
  };
}

const pageOf = ({ definition }: Agent, { language }: Cast): AgentDefinition =>
  (language !== undefined && inLanguage(definition, language)) || definition;
