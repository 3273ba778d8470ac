import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { findTests } from '../agents/loader/found-tests.ts';
import { loadAgents } from '../agents/loader/load.ts';
import { CallError } from '../contracts/error.ts';
import { agentsGraph } from './agents-graph.ts';
import { allPassed, runTests, testReport } from './agents-tests.ts';
import { agentsView, drawnScenarios, tablesOf } from './agents-view.ts';
import { homeFolder } from './running.ts';
import { readValues } from './settings-file.ts';
import { table } from './table.ts';

/** `npm run agents`: whether the agents of a folder are as they must be, what they are, how they are connected, and their tests. */
const root = path.join(import.meta.dirname, '..');

interface Options {
  dir?: string;
  svg?: string;
  json?: true;
  test?: true;
  only?: string;
  real?: true;
  repeat: number;
}

const times = (text: string): number => {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1 to 999.');
  return Number(text);
};

const command = new Command('agents')
  .description('Check agents and scenarios, show them, draw their handoffs, run their tests')
  .option('--dir <path>', 'another folder of agents (default: the setting AGENTS_DIR)')
  .option('--svg <file>', 'where the drawing goes (default: .switchboard/agents.svg)')
  .option('--json', 'print one object')
  .option('--test', 'run tests/*.yaml, in text and with all their sound')
  .option('--only <part>', 'of them, those whose name has this in it')
  .option('--real', 'run them against the model of the settings, in text (with --test)')
  .option('--repeat <times>', 'so often each (with --real)', times, 1);

async function run({ dir, svg, json, test, only, real, repeat }: Options): Promise<void> {
  const values = await readValues(path.join(root, 'local.settings.json'), process.env);
  const folder = dir === undefined ? path.resolve(root, values['AGENTS_DIR'] ?? 'agents') : path.resolve(dir);
  const agents = await loadAgents(folder);
  const tests = await findTests(folder, agents);
  const drawing = path.resolve(svg ?? path.join(homeFolder(root, process.env), 'agents.svg'));
  await mkdir(path.dirname(drawing), { recursive: true });
  await writeFile(drawing, agentsGraph(drawnScenarios(agents)));

  const view = agentsView(agents);
  if (!json) {
    const tables = tablesOf(view);
    console.log([tables.scenarios, tables.agents, tables.tools].map(rows => table(rows)).join('\n\n'));
    console.log(`\n${tests.length} tests. Drawn in ${path.relative(process.cwd(), drawing)}`);
  }
  const env = { ...process.env, ...values };
  const tested = test && (await runTests(root, { folder, only, real, repeat, env }));
  if (json) console.log(JSON.stringify({ folder, ...view, drawing, tests: tests.length, ...(tested && { tested }) }));
  else if (tested) console.log(`\n${testReport(tested)}`);
  if (tested && !allPassed(tested)) process.exitCode = 1;
}

/** What is wrong with a folder is a list of places in it. */
function refuse(error: unknown, json: true | undefined): void {
  if (!(error instanceof CallError)) throw error;
  process.exitCode = 1;
  if (json) console.log(JSON.stringify({ problems: error.message.split('\n') }));
  else console.error(error.message);
}

const options = command.parse().opts<Options>();
if ((options.real || options.only !== undefined) && !options.test) command.error('--real and --only go with --test.');
try {
  await run(options);
} catch (error) {
  refuse(error, options.json);
}
