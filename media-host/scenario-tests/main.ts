import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findTests } from '../../agents/loader/found-tests.ts';
import { loadAgents } from '../../agents/loader/load.ts';
import { CallError } from '../../contracts/error.ts';
import { readSettings } from '../../contracts/settings.ts';
import { figuresOf, testFigures } from './figures.ts';
import { realModel, runRealTest } from './real-model.ts';
import { runTest, type TestResult } from './run-test.ts';

/**
 * Runs the scenario tests of a folder of agents and prints what came of them as one line of JSON; `npm run agents -- --test`
 * starts it and reads that. It fails only where it cannot run them.
 */
const { values: options } = parseArgs({
  options: {
    dir: { type: 'string', default: 'agents' },
    only: { type: 'string', default: '' },
    real: { type: 'boolean', default: false },
    repeat: { type: 'string', default: '1' },
  },
});

async function run(): Promise<unknown> {
  const folder = resolve(options.dir);
  const agents = await loadAgents(folder);
  const all = await findTests(folder, agents);
  const found = all.filter(({ name }) => name.includes(options.only));
  const bed = { folder, agents };
  const results: TestResult[] = [];
  if (!options.real) {
    for (const mode of ['text', 'audio'] as const)
      for (const each of found) results.push(await runTest(bed, each, mode));
  } else {
    const model = await realModel(modelSettings());
    if (!model) return { skipped: 'AZURE_OPENAI_ENDPOINT is not set: there is no real model to ask.' };
    for (const each of found)
      for (let time = 0; time < Number(options.repeat); time++) results.push(await runRealTest(bed, each, model));
  }
  const tests = testFigures(results, new Map(found.map(({ name, test }) => [name, test.passRate])));
  return { tests, figures: figuresOf(results, tests, options.real ? 'real' : 'audio') };
}

function modelSettings() {
  return readSettings(process.env, [
    'AZURE_OPENAI_ENDPOINT',
    'AZURE_OPENAI_API_KEY',
    'AZURE_CLIENT_ID',
    'AZURE_COGNITIVE_SERVICES_SCOPE',
    'LLM_MODEL',
    'LLM_FALLBACK_MODEL',
    'LLM_API',
    'LLM_PRICES',
    'LOG_LEVEL',
  ]);
}

try {
  process.stdout.write(`${JSON.stringify(await run())}\n`);
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
