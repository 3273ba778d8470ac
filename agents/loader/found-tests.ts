import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CallError } from '../../contracts/error.ts';
import type { ScenarioTest } from '../../contracts/scenario-test.ts';
import type { Agents } from './load.ts';
import { readScenarioTest } from './scenario-test-file.ts';

/** The scenario tests of a folder of agents, `tests/*.yaml`: all of them, or a message that names every mistake. */
export interface FoundTest {
  /** The file's name without its ending. */
  name: string;
  test: ScenarioTest;
}

/** @throws CallError AGENT_FILE_INVALID with a line for each mistake */
export async function findTests(folder: string, agents: Agents): Promise<FoundTest[]> {
  const tests = join(folder, 'tests');
  const files = existsSync(tests) ? (await readdir(tests)).filter(file => file.endsWith('.yaml')).sort() : [];
  const read = await Promise.all(
    files.map(async name => {
      const file = join(tests, name);
      return { name: name.slice(0, -'.yaml'.length), ...readScenarioTest(await readFile(file, 'utf8'), file, agents) };
    }),
  );
  const problems = read.flatMap(each => each.problems);
  if (problems.length > 0) throw new CallError('AGENT_FILE_INVALID', { problems: problems.join('\n') });
  return read.flatMap(({ name, test }) => (test ? [{ name, test }] : []));
}
