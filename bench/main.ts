import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { agents } from './agents.ts';
import { bargeIn } from './barge-in.ts';
import { capacity } from './capacity.ts';
import { chaos } from './chaos.ts';
import { duplex } from './duplex.ts';
import { durable } from './durable.ts';
import { numbersPage } from './numbers-page.ts';
import { pacing } from './pacing.ts';
import { resample } from './resample.ts';
import { type Benchmark, type BenchOptions, type BenchResult, table } from './result.ts';
import { start } from './start.ts';
import { turn } from './turn.ts';
import { voiceActivity } from './voice-activity.ts';
import { webhook } from './webhook.ts';

/** `npm run bench -- NAME [--json]`: one benchmark, or all; all of them together write docs/numbers.md. */
const benchmarks: Record<string, Benchmark> = {
  start,
  'barge-in': bargeIn,
  pacing,
  resample,
  capacity,
  duplex,
  'voice-activity': voiceActivity,
  turn,
  agents,
  webhook,
  durable,
  chaos,
};

const names = Object.keys(benchmarks);
const program = new Command('bench')
  .description('Measures what Switchboard promises and prints each figure beside its limit.')
  .argument('[name]', `one of: ${names.join(', ')}; all when left out`)
  .option('--json', 'print the result as JSON')
  .option('--quick', 'fewer calls and repetitions, for a quick look')
  .option('--seed <n>', 'duplex: only the call of this seed, told line by line', Number)
  .option('--policy <name>', 'duplex: agents that are graded, eager or patient')
  .parse();

const {
  json = false,
  quick = false,
  ...only
} = program.opts<{ json?: boolean; quick?: boolean } & Pick<BenchOptions, 'seed' | 'policy'>>();
const [name] = program.args;
if (name !== undefined && !benchmarks[name]) {
  console.error(`There is no benchmark "${name}". Known: ${names.join(', ')}.`);
  process.exit(2);
}

const say = (line: string) => process.stderr.write(`${line}\n`);
const results: BenchResult[] = [];
for (const [each, benchmark] of Object.entries(benchmarks)) {
  if (name !== undefined && each !== name) continue;
  say(`${each}: ${benchmark.about}`);
  const result = await benchmark.run(say, { quick, ...only });
  console.log(json ? JSON.stringify(result, null, name === undefined ? 0 : 2) : table(result));
  results.push(result);
}
if (name === undefined && !quick) await writeFile('docs/numbers.md', numbersPage(results));
process.exitCode = results.some(result => result.promises.some(promise => !promise.holds)) ? 1 : 0;
