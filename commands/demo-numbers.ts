import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Values } from './settings-file.ts';

/**
 * Numbers of a demo that nobody has to buy: one for each scenario of the folder and each agent alone, so that a file more
 * is a number more. The programs tell what is wrong with a folder; here it only has no numbers.
 */
export async function numberedScenarios(agentsFolder: string): Promise<Values> {
  const names = [...(await yamlNames(path.join(agentsFolder, 'scenarios'))), ...(await yamlNames(agentsFolder))];
  const unique = [...new Set(names)].filter(name => /^[a-z][a-z0-9-]*$/.test(name)).slice(0, most);
  return { NUMBER_SCENARIOS: unique.map((name, at) => `${numberAt(at)}=${name}`).join(',') };
}

const most = 100;
const numberAt = (at: number): string => `+15550700${String(at).padStart(2, '0')}`;

async function yamlNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).flatMap(file => /^(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/**
 * The number to dial for a scenario; undefined: any number of ours, for it is the one that answers where nothing else is said.
 * @param numbers as the setting NUMBER_SCENARIOS
 * @throws Error that names the scenarios that can be reached
 */
export function numberOf(scenario: string, { scenario: usual, numbers }: Reachable): string | undefined {
  const byName = new Map(
    numbers
      .split(',')
      .map(line => line.trim().split('='))
      .map(([number = '', name = '']) => [name, number] as const),
  );
  if (scenario === usual) return undefined;
  const number = byName.get(scenario);
  if (number !== undefined) return number;
  const known = [...new Set([usual, ...byName.keys()])].filter(name => name !== '').sort();
  throw new Error(
    `--scenario ${scenario}: no number of ours leads there. Known: ${known.join(', ')}. ` +
      `Give it one in NUMBER_SCENARIOS (number=${scenario}), or make it SCENARIO, and start again.`,
  );
}

export interface Reachable {
  /** Answers where no number says otherwise. */
  scenario: string;
  numbers: string;
}
