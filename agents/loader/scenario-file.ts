import { type ScenarioDefinition, scenarioDefinition } from '../../contracts/scenario.ts';
import { meant } from './meant.ts';
import { asRecord, type Page, readPage } from './page.ts';
import { deadEnds, type Graph, unreachable } from './scenario-graph.ts';
import { jinjaInSpoken, spokenByScenarios } from './spoken-text.ts';

/** Reads one scenario's file and finds everything that is wrong with it at once, also against the agents it names. */
export interface ScenarioFile {
  /** What it must be called: its file's name. */
  name: string;
  /** Present when there is no problem. */
  definition?: ScenarioDefinition;
  /** What it says for all of its agents, as it stands in the file, before any default. */
  defaults: Readonly<Record<string, unknown>>;
  problems: string[];
}

/** What a scenario can be held against of an agent, whether or not the agent's own file is right. */
export interface KnownAgent {
  name: string;
  tools: readonly { name: string }[];
  variables: readonly string[];
}

/** Tools with which an agent can let a caller go. */
const exits = ['end-call', 'talk-to-person'];

/** @param file as it shall stand in messages */
export function readScenarioFile(
  text: string,
  file: string,
  name: string,
  known: ReadonlyMap<string, KnownAgent>,
): ScenarioFile {
  const page = readPage(text, file, scenarioDefinition, 'a scenario');
  const problems = [
    ...page.problems,
    ...jinjaInSpoken(page, spokenByScenarios),
    ...nameProblems(page, name, known),
    ...(page.parsed ? graphProblems(page, page.parsed, known) : []),
    ...(page.parsed ? variableProblems(page, page.parsed, known) : []),
  ];
  const defaults = asRecord(page.raw['defaults']);
  return { name, defaults, problems, ...(page.parsed && problems.length === 0 && { definition: page.parsed }) };
}

function nameProblems({ yaml, parsed }: Page<ScenarioDefinition>, name: string, known: ReadonlyMap<string, unknown>) {
  if (parsed && parsed.name !== name)
    return [`${yaml.at(['name'])}: name is "${parsed.name}" but the file is called ${name}; make them the same.`];
  if (known.has(name))
    return [
      `${yaml.at(['name'])}: "${name}" is the name of an agent; an agent alone is a scenario under its own name.`,
    ];
  return [];
}

function graphProblems(
  { yaml }: Page<ScenarioDefinition>,
  { agents, start, handoffs }: ScenarioDefinition,
  known: ReadonlyMap<string, KnownAgent>,
): string[] {
  const problems: string[] = [];
  const refuse = (path: readonly PropertyKey[], what: string) => problems.push(`${yaml.at(path)}: ${what}`);

  for (const [at, agent] of agents.entries()) {
    if (!known.has(agent)) refuse(['agents', at], `agent "${agent}" has no file${meant(agent, [...known.keys()])}`);
    if (agents.indexOf(agent) < at) refuse(['agents', at], `agent "${agent}" is named a second time; keep one.`);
  }
  const takesPart = (agent: string, path: readonly PropertyKey[]) => {
    if (agents.includes(agent)) return;
    const remedy = known.has(agent) ? '; add it to agents.' : meant(agent, agents);
    refuse(path, `"${agent}" is none of this scenario's agents${remedy}`);
  };
  takesPart(start, ['start']);
  for (const [at, { from, to }] of handoffs.entries()) {
    takesPart(from, ['handoffs', at, 'from']);
    takesPart(to, ['handoffs', at, 'to']);
    if (from === to) refuse(['handoffs', at, 'to'], `"${from}" cannot hand the caller to itself; remove this handoff.`);
    if (handoffs.findIndex(edge => edge.from === from && edge.to === to) < at)
      refuse(['handoffs', at], `the handoff from "${from}" to "${to}" stands here a second time; keep one of them.`);
  }
  if (problems.length > 0) return problems;

  const graph: Graph = { agents, start, edges: handoffs };
  for (const agent of unreachable(graph))
    refuse(['agents', agents.indexOf(agent)], `no handoff leads from "${start}" to "${agent}"; add one, or remove it.`);
  const letsGo = (agent: string) => known.get(agent)?.tools.some(tool => exits.includes(tool.name)) === true;
  for (const circle of deadEnds(graph, letsGo))
    refuse(
      ['handoffs', handoffs.findIndex(({ from, to }) => circle.includes(from) && circle.includes(to))],
      `a caller never gets out of ${circle.join(', ')}; hand on to another agent, or give one of them ${exits.join(' or ')}.`,
    );
  return problems;
}

function variableProblems(
  { yaml }: Page<ScenarioDefinition>,
  { agents, variables }: ScenarioDefinition,
  known: ReadonlyMap<string, KnownAgent>,
): string[] {
  const declared = [...new Set(agents.flatMap(agent => known.get(agent)?.variables ?? []))];
  return Object.keys(variables)
    .filter(variable => !declared.includes(variable))
    .map(variable => {
      const at = yaml.atKey(['variables', variable]);
      return `${at}: none of the agents declares a variable "${variable}"${meant(variable, declared)}`;
    });
}
