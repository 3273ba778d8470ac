import { type ScenarioTest, scenarioTest } from '../../contracts/scenario-test.ts';
import type { Agents } from './load.ts';
import { meant } from './meant.ts';
import { type Page, readPage } from './page.ts';

/** Reads one test of a scenario and finds everything that is wrong with it at once. */
export interface ScenarioTestFile {
  /** Present when there is no problem. */
  test?: ScenarioTest;
  problems: string[];
}

/**
 * @param file as it shall stand in messages
 * @param agents whose scenarios, agents and tools the test may name; without them names are not looked at
 */
export function readScenarioTest(text: string, file: string, agents?: Agents): ScenarioTestFile {
  const page = readPage(text, file, scenarioTest, 'a scenario test');
  const problems = [...page.problems];
  if (page.parsed) {
    problems.push(...patternProblems(page, page.parsed));
    if (agents) problems.push(...nameProblems(page, page.parsed, agents));
  }
  return { problems, ...(page.parsed && problems.length === 0 && { test: page.parsed }) };
}

type Path = readonly PropertyKey[];

/** A word between slashes is a regular expression. */
function patternProblems({ yaml }: Page<ScenarioTest>, { greeting, turns }: ScenarioTest): string[] {
  const lists: [Path, readonly string[]][] = [
    [['greeting', 'words'], greeting?.words ?? []],
    ...turns.flatMap(({ expect }, at): [Path, readonly string[]][] => [
      [['turns', at, 'expect', 'words'], expect.words ?? []],
      [['turns', at, 'expect', 'absent'], expect.absent ?? []],
    ]),
  ];
  return lists.flatMap(([path, words]) =>
    words.flatMap((word, at) => {
      const why = whyNoPattern(word);
      return why === undefined ? [] : [`${yaml.at([...path, at])}: this is no regular expression: ${why}.`];
    }),
  );
}

function whyNoPattern(word: string): string | undefined {
  const source = /^\/(.+)\/$/s.exec(word)?.[1];
  if (source === undefined) return undefined;
  try {
    new RegExp(source, 'iu');
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message.split(': ').at(-1);
  }
}

function nameProblems({ yaml }: Page<ScenarioTest>, test: ScenarioTest, agents: Agents): string[] {
  const { scenario: name, turns } = test;
  if (!agents.scenarios.includes(name))
    return [`${yaml.at(['scenario'])}: there is no scenario "${name}"${meant(name, agents.scenarios)}`];
  const scenario = agents.scenario(name);
  const names = [...scenario.agents.keys()];
  const tools = [...new Set([...scenario.agents.values()].flatMap(agent => agent.tools.map(tool => tool.name)))];
  const problems: string[] = [];
  const check = (path: Path, what: 'agent' | 'tool', word: string | undefined) => {
    const known = what === 'agent' ? names : tools;
    if (word !== undefined && !known.includes(word))
      problems.push(`${yaml.at(path)}: no ${what} "${word}" takes part in ${name}${meant(word, known)}`);
  };
  for (const tool of Object.keys(test.tools)) check(['tools', tool], 'tool', tool);
  for (const [at, { expect, model = [] }] of turns.entries()) {
    const expected = ['turns', at, 'expect'];
    check([...expected, 'agent'], 'agent', expect.agent);
    for (const [nth, tool] of (expect.tools ?? []).entries()) check([...expected, 'tools', nth], 'tool', tool);
    for (const [nth, tool] of (expect.noTools ?? []).entries()) check([...expected, 'noTools', nth], 'tool', tool);
    for (const tool of Object.keys(expect.effects ?? {})) check([...expected, 'effects', tool], 'tool', tool);
    for (const [nth, answer] of model.entries())
      for (const [part, line] of [answer].flat().entries()) {
        const path = ['turns', at, 'model', nth, ...(Array.isArray(answer) ? [part] : [])];
        if ('tool' in line) check([...path, 'tool'], 'tool', line.tool);
        if ('handOff' in line) check([...path, 'handOff'], 'agent', line.handOff);
      }
  }
  return problems;
}
