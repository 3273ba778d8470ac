import { Command } from 'commander';
import { bargeIn } from './barge-in.ts';
import { pacing } from './pacing.ts';
import { type Benchmark, table } from './result.ts';
import { start } from './start.ts';

/** `npm run bench -- NAME [--json]`: one benchmark, or all. */
const benchmarks: Record<string, Benchmark> = { start, 'barge-in': bargeIn, pacing };

const names = Object.keys(benchmarks);
const program = new Command('bench')
  .description('Measures what Switchboard promises and prints each figure beside its limit.')
  .argument('[name]', `one of: ${names.join(', ')}; all when left out`)
  .option('--json', 'print the result as JSON')
  .option('--quick', 'fewer calls and repetitions, for a quick look')
  .parse();

const { json = false, quick = false } = program.opts<{ json?: boolean; quick?: boolean }>();
const [name] = program.args;
if (name !== undefined && !benchmarks[name]) {
  console.error(`There is no benchmark "${name}". Known: ${names.join(', ')}.`);
  process.exit(2);
}

const say = (line: string) => process.stderr.write(`${line}\n`);
let broken = 0;
for (const [each, benchmark] of Object.entries(benchmarks)) {
  if (name !== undefined && each !== name) continue;
  say(`${each}: ${benchmark.about}`);
  const result = await benchmark.run(say, { quick });
  console.log(json ? JSON.stringify(result, null, name === undefined ? 0 : 2) : table(result));
  broken += result.promises.filter(promise => !promise.holds).length;
}
process.exitCode = broken > 0 ? 1 : 0;
